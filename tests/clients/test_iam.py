"""The IAM policies for people, in docs/iam: they are valid, they suffice, and they are narrow."""

import fnmatch
import functools
import json
import pathlib
import re
import subprocess

import boto3
import cfnlint
import pytest
from cfnlint.api import ManualArgs, lint
from cfnlint.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from moto import mock_aws
from moto.iam.access_control import IAMPolicy, PermissionResult

from conftest import ROOT

IAM = ROOT / "docs/iam"
PEOPLE = ["deploying", "developing", "operating"]
CLOUDFORMATION = sorted(path.stem for path in IAM.glob("cloudformation*.json"))
POLICIES = [*PEOPLE, "people-own-key", *CLOUDFORMATION, "boundary"]
VALUES = {
    "ACCOUNT_ID": "123456789012",
    "REGION": "eu-central-1",
    "STACK_NAME": "report-tools",
    "STACK_PART": "1a2b3c4d",
    "GATEWAY_NAME": "my-tools",
    "GATEWAY_SNAKE": "my_tools",
    "USER_POOL_ID": "eu-central-1_AbCdEf123",
    "ARTEFACTS_BUCKET": "my-artefacts",
    "PARTNER_SECRET": "partner",
    "SENDER": "reports@example.com",
    "DEV_FUNCTION": "dev-report-tools",
    "KEY_ID": "1a2b3c4d-1111-2222-3333-444455556666",
}
# The longest that the template and CloudFormation take.
LONGEST = VALUES | {
    "REGION": "ap-southeast-2",
    "STACK_NAME": "s" * 32,
    "GATEWAY_NAME": "g" * 32,
    "GATEWAY_SNAKE": "g" * 32,
    "ARTEFACTS_BUCKET": "b" * 63,
    "DEV_FUNCTION": "f" * 64,
}
# AWS or the resource's schema asks for them, though the published action list lacks them or names
# fewer resources. Reasons: docs/iam.md, "Four findings".
KNOWN_FINDINGS = {
    ("W3037", "createtokenvault"),
    ("W3037", "checkauthorizepermissions"),
    ("I3510", "bedrock-agentcore:AllowVendedLogDeliveryForResource"),
    ("I3510", "cloudformation:CreateChangeSet"),
}
ACTIONS = json.loads((pathlib.Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text())


def filled(name, values=VALUES):
    text = (IAM / f"{name}.json").read_text()
    for placeholder in sorted(values, key=len, reverse=True):
        text = text.replace(placeholder, values[placeholder])
    return text


def statements(*names):
    return [statement for name in names for statement in json.loads(filled(name))["Statement"]]


def listed(value):
    return value if isinstance(value, list) else [value]


def granted(*names):
    return [(action, s) for s in statements(*names) if s["Effect"] == "Allow" for action in listed(s["Action"])]


def matches(text, patterns):
    return any(fnmatch.fnmatchcase(text.lower(), pattern.lower()) for pattern in listed(patterns))


def holds(operator, key, wanted, context):
    if operator == "StringEquals":  # knows no wildcards
        return context.get(key) in listed(wanted)
    assert operator == "ForAnyValue:StringLike", operator
    return key in context and matches(context[key], wanted)


def allows(names, action, resource, **context):
    """IAM's rules as far as these policies use them: a Deny wins, else one Allow is needed."""
    context = {key.replace("__", ":"): value for key, value in context.items()}
    allowed = False
    for s in statements(*listed(names)):
        conditions = [
            (operator, key, wanted) for operator, keys in s.get("Condition", {}).items() for key, wanted in keys.items()
        ]
        covered = matches(resource, s["Resource"]) if "Resource" in s else not matches(resource, s["NotResource"])
        if matches(action, s["Action"]) and covered and all(holds(*c, context) for c in conditions):
            if s["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def arn(service, rest, account="123456789012", region="eu-central-1"):
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def role(name):
    return arn("iam", f"role/{name}", region="")


TARGET = arn("lambda", "function:report-tools-ReportToolsFunction-AbCdEf123456")
OIDC_READY = arn("lambda", "function:report-tools-OidcReadyFunction-AbCdEf123456")
GATEWAY = arn("bedrock-agentcore", "gateway/my-tools-1a2b3c4d-abcdefghij")
ENGINE = arn("bedrock-agentcore", "policy-engine/engine_my_tools_1a2b3c4d-abcdefghij")
POOL = arn("cognito-idp", "userpool/eu-central-1_AbCdEf123")
STACK = arn("cloudformation", "stack/report-tools/1a2b3c4d-0000-0000-0000-000000000000")
BOUNDARY = arn("iam", "policy/boundary-report-tools", region="")
SERVICE_ROLE = role("cloudformation-report-tools")


# ---------------------------------------------------------------- they are valid


@pytest.mark.parametrize("name", POLICIES)
def test_cfn_lint_knows_each_action_and_its_resources(name):
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": json.loads(filled(name))}}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Policy": policy}})
    found = lint(template, config=ManualArgs(regions=[VALUES["REGION"]], include_checks=["I"]))
    unknown = [
        str(match)
        for match in found
        if not any(match.rule.id == rule and f"'{what}'" in match.message for rule, what in KNOWN_FINDINGS)
    ]
    assert unknown == []


@pytest.mark.parametrize("name", POLICIES)
def test_fits_into_a_managed_policy(name):
    # IAM counts without whitespace: 6,144 characters (IAM user guide, "IAM and AWS STS quotas").
    assert len(re.sub(r"\s", "", filled(name, LONGEST))) <= 6_144


def test_iam_takes_them():
    with mock_aws():
        iam = boto3.client("iam", region_name="us-east-1")
        for name in POLICIES:
            iam.create_policy(PolicyName=name, PolicyDocument=filled(name))
        iam.create_role(RoleName="cloudformation-report-tools", AssumeRolePolicyDocument=filled("trust"))


def test_the_commands_of_the_page_fill_every_placeholder(tmp_path):
    page = (ROOT / "docs/iam.md").read_text()
    (command,) = re.findall(r"^\$ (mkdir -p target/iam.*?done)$", page, re.S | re.M)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/iam").symlink_to(IAM)
    subprocess.run(["bash", "-euc", command], cwd=tmp_path, check=True)
    made = sorted((tmp_path / "target/iam").iterdir())
    assert [path.name for path in made] == sorted(path.name for path in IAM.iterdir())
    for path in made:
        text = path.read_text()
        json.loads(text)
        assert not re.findall("|".join(VALUES), text), path.name


# ---------------------------------------------------------------- they are narrow


@pytest.mark.parametrize("name", POLICIES)
def test_no_action_is_a_wildcard(name):
    assert [action for s in statements(name) for action in listed(s["Action"]) if "*" in action or "?" in action] == []


def test_everything_is_the_resource_only_where_there_is_no_narrower_one():
    page = (ROOT / "docs/iam.md").read_text()
    # The only resource that the list names is another, optional feature.
    optional = {"cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "cloudwatch:PutMetricData", "logs:GetQueryResults"}
    for action, statement in granted(*POLICIES):
        if "*" in listed(statement["Resource"]):
            service, name = action.lower().split(":")
            assert action in optional or not ACTIONS[service]["Actions"][name].get("Resources"), action
            assert f"`{action}`" in page, f"docs/iam.md gives no reason for {action}"


@pytest.mark.parametrize("names", [[name] for name in PEOPLE] + [CLOUDFORMATION])
def test_nobody_invokes_a_target_past_the_gateway(names):
    for action in ("lambda:InvokeFunction", "lambda:InvokeAsync", "lambda:InvokeFunctionUrl"):
        for function in (TARGET, f"{TARGET}:live", arn("lambda", "function:dev-report-tools")):
            assert not allows(names, action, function)
    for action, statement in granted(*names):
        if action.startswith("lambda:Invoke"):
            assert listed(statement["Resource"]) == [arn("lambda", "function:report-tools-OidcReadyFunction-*")]


def test_another_policy_cannot_give_it_back(monkeypatch):
    """The explicit Deny beats, say, PowerUserAccess on the same person."""
    power = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for names in [[name] for name in PEOPLE] + [CLOUDFORMATION]:
        own = statements(*names)
        monkeypatch.setitem(globals(), "statements", lambda *_, own=own: [*own, power])
        assert allows(names, "s3:ListAllMyBuckets", "*")
        assert not allows(names, "lambda:InvokeFunction", f"{TARGET}:live")
        monkeypatch.undo()


def test_roles_are_made_within_the_boundary_only():
    own, foreign = role("report-tools-GatewayRole-AbC"), role("admin")
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"):
        assert allows(CLOUDFORMATION, action, own, iam__PermissionsBoundary=BOUNDARY)
        assert not allows(CLOUDFORMATION, action, own)
        assert not allows(CLOUDFORMATION, action, own, iam__PermissionsBoundary=arn("iam", "policy/other", region=""))
        assert not allows(CLOUDFORMATION, action, foreign, iam__PermissionsBoundary=BOUNDARY)
    for action in ("iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"):
        assert not allows(CLOUDFORMATION, action, own, iam__PermissionsBoundary=BOUNDARY)
    # Neither its own role nor the boundary itself can be widened by it.
    assert not allows(CLOUDFORMATION, "iam:UpdateAssumeRolePolicy", SERVICE_ROLE)
    assert not allows(CLOUDFORMATION, "iam:CreatePolicyVersion", BOUNDARY)
    for action in ("iam:CreateRole", "iam:CreateUser", "iam:PassRole", "sts:AssumeRole", "kms:Decrypt"):
        assert not allows("boundary", action, "*")


def test_roles_are_handed_to_the_services_that_need_them_only():
    def passes(names, passed, service):
        return allows(names, "iam:PassRole", passed, iam__PassedToService=f"{service}.amazonaws.com")

    own = role("report-tools-GatewayRole-AbC")
    assert passes(CLOUDFORMATION, own, "lambda") and passes(CLOUDFORMATION, own, "bedrock-agentcore")
    assert not passes(CLOUDFORMATION, own, "ec2") and not passes(CLOUDFORMATION, role("admin"), "lambda")
    assert passes("deploying", SERVICE_ROLE, "cloudformation")
    assert not passes("deploying", SERVICE_ROLE, "lambda") and not passes("deploying", own, "cloudformation")
    for names in ("developing", "operating"):
        assert not passes(names, own, "lambda") and not passes(names, SERVICE_ROLE, "cloudformation")


def test_a_deploy_goes_through_the_service_role_and_imports_nothing():
    def change(**context):
        return allows("deploying", "cloudformation:CreateChangeSet", STACK, **context)

    assert change(cloudformation__RoleArn=SERVICE_ROLE)
    assert not change() and not change(cloudformation__RoleArn=role("admin"))
    imports = {"cloudformation__ImportResourceTypes": "AWS::Cognito::UserPool"}
    assert not change(cloudformation__RoleArn=SERVICE_ROLE, **imports)
    for action in ("cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:SetStackPolicy"):
        assert not allows("deploying", action, STACK, cloudformation__RoleArn=SERVICE_ROLE)
    assert not allows("deploying", "cloudformation:ExecuteChangeSet", STACK.replace("/report-tools/", "/other/"))


# ---------------------------------------------------------------- they suffice


# What a resource's schema asks for and this template never makes it do.
UNUSED = {
    "private connections of targets and Runtimes": {
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "vpc-lattice:AssociateViaAWSService",
        "vpc-lattice:CreateResourceConfiguration",
        "vpc-lattice:CreateResourceGateway",
        "vpc-lattice:CreateServiceNetworkResourceAssociation",
        "vpc-lattice:DeleteResourceConfiguration",
        "vpc-lattice:DeleteResourceGateway",
        "vpc-lattice:DeleteServiceNetworkResourceAssociation",
        "vpc-lattice:GetResourceConfiguration",
        "vpc-lattice:GetServiceNetworkResourceAssociation",
        "vpc-lattice:ListServiceNetworkResourceAssociations",
    },
    "targets that are no functions, or take tokens": {
        "apigateway:GET",
        "bedrock-agentcore:GetResourceOauth2Token",
        "bedrock-agentcore:GetWorkloadAccessToken",
        "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
        "bedrock-mantle:GetModel",
        "bedrock-mantle:ListModels",
    },
    "policies for every gateway of the account; each of ours names its own": {"bedrock-agentcore:ManageAdminPolicy"},
    "Runtimes on instances of one's own": {"bedrock-agentcore:PassCapacityProvider"},
    "a provider that keeps its secret itself; ours names one": {
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutSecretValue",
    },
    "managed policies on roles: the template attaches none, and this could attach any": {
        "iam:AttachRolePolicy",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DetachRolePolicy",
    },
    "text messages, custom attributes, keys and certificates of a user pool": {
        "cloudfront:updateDistribution",
        "cognito-idp:AddCustomAttributes",
        "kms:Encrypt",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    },
    "file systems, code signing, reserved and provisioned concurrency, gradual deploys": {
        "codedeploy:CreateDeployment",
        "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:StopDeployment",
        "elasticfilesystem:DescribeMountTargets",
        "lambda:AssociateRuntimeAlias",
        "lambda:DeleteFunctionCodeSigningConfig",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteProvisionedConcurrencyConfig",
        "lambda:GetCodeSigningConfig",
        "lambda:GetLayerVersion",
        "lambda:PassCapacityProvider",
        "lambda:PutFunctionCodeSigningConfig",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionRecursionConfig",
        "lambda:PutFunctionScalingConfig",
        "lambda:PutProvisionedConcurrencyConfig",
        "lambda:PutRuntimeManagementConfig",
        "s3files:ListMountTargets",
    },
    "log groups with data protection, indexes, policies or older ways of delivery": {
        "firehose:TagDeliveryStream",
        "logs:CreateLogDelivery",
        "logs:DeleteDataProtectionPolicy",
        "logs:DeleteIndexPolicy",
        "logs:DeleteResourcePolicy",
        "logs:PutBearerTokenAuthentication",
        "logs:PutDataProtectionPolicy",
        "logs:PutIndexPolicy",
        "logs:PutLogGroupDeletionProtection",
        "s3:REST.PUT.OBJECT",
    },
    "delivery sources of other services": {
        "autoloop:AllowVendedLogDeliveryForResource",
        "codewhisperer:AllowVendedLogDeliveryForResource",
        "logs:AllowVendedLogDeliveryForResource",
        "workmail:AllowVendedLogDeliveryForResource",
    },
}
# What SAM and CloudFormation make of the types that have no schema of their own here.
BEHIND = {
    "AWS::Serverless::Function": ["AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"],
    "Custom::Ready": [],
}


@functools.cache
def template():
    found, problems = decode(str(ROOT / "template.yaml"))
    assert not problems
    return found


def resources(of):
    return {name: r for name, r in template()["Resources"].items() if r["Type"] == of}


def needed():
    types = {r["Type"] for r in template()["Resources"].values()}
    for kind in sorted({real for kind in types for real in BEHIND.get(kind, [kind])}):
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
        for handler in ("create", "read", "update", "delete"):
            for action in handlers.get(handler, {}).get("permissions", []):
                yield action, kind


def test_cloudformation_may_do_what_each_resource_type_asks_for():
    unused = set().union(*UNUSED.values())
    may = {action for action, _ in granted(*CLOUDFORMATION)}
    missing = {}
    for action, kind in needed():
        if action not in may | unused:
            missing.setdefault(action, []).append(kind)
    assert missing == {}
    # A line that nothing asks for any more, or that is granted after all, has to go.
    assert unused - {action for action, _ in needed()} == set()
    assert unused & may == set()


def test_cloudformation_may_do_it_with_what_this_stack_makes():
    version = f"{TARGET}:7"
    for action, resource in [
        ("lambda:PublishVersion", TARGET),
        ("lambda:UpdateAlias", f"{TARGET}:live"),
        ("lambda:GetProvisionedConcurrencyConfig", version),
        ("lambda:InvokeFunction", f"{OIDC_READY}:live"),
        ("s3:GetObject", "arn:aws:s3:::my-artefacts/report-tools/0123456789abcdef"),
        ("bedrock-agentcore:UpdateGateway", GATEWAY),
        ("bedrock-agentcore:InvokeGateway", GATEWAY),
        ("bedrock-agentcore:ManageResourceScopedPolicy", GATEWAY),
        ("bedrock-agentcore:CreatePolicy", ENGINE),
        ("bedrock-agentcore:UpdatePolicy", f"{ENGINE}/policy/ManagersMail-abcdefghij"),
        ("cognito-idp:CreateUserPoolClient", POOL),
        ("logs:CreateLogGroup", arn("logs", "log-group:report-tools-ReportToolsLogs-AbC:log-stream:")),
        ("logs:CreateLogGroup", arn("logs", "log-group:/aws/vendedlogs/bedrock-agentcore/gateway/my-tools-1a2b3c4d-a")),
        ("logs:PutDeliverySource", arn("logs", "delivery-source:my-tools-1a2b3c4d")),
        ("logs:CreateDelivery", arn("logs", "delivery:AbCdEf")),
        ("cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:report-tools-ReportToolsErrors-AbC")),
        ("bedrock-agentcore:GetAgentRuntime", arn("bedrock-agentcore", "runtime/agent_my_tools_1a2b3c4d-abcdefghij")),
        ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:partner-AbCdEf")),
    ]:
        assert allows(CLOUDFORMATION, action, resource), (action, resource)


def resolved(value, region="eu-central-1"):
    """An ARN of the template's, with names such as AWS would give."""
    known = {
        "AWS::Partition": "aws",
        "AWS::Region": region,
        "AWS::AccountId": "123456789012",
        "GatewayName": "my-tools",
        "SesSenderEmail": "reports@example.com",
        "AgentModel": "anthropic.*",
        "PartnerApiKeySecret": "partner",
        "PolicyEngine.PolicyEngineId": ENGINE.rpartition("/")[2],
        # Made of intrinsics; what they come to.
        "Name": "my_tools",
        "Stack": "1a2b3c4d",
        "Domain": "example.com",
        "Account": "123456789012",
        "Region": region,
        "Repository": "agents/mine",
    }
    if isinstance(value, str):
        return [value]
    ((function, argument),) = value.items()
    if function == "Fn::Sub":
        text = argument if isinstance(argument, str) else argument[0]
        return [re.sub(r"\$\{([^}]+)\}", lambda name: known[name[1]], text)]
    if function == "Fn::If":
        return [arn_ for branch in argument[1:] if branch != {"Ref": "AWS::NoValue"} for arn_ in resolved(branch)]
    if function == "Ref":
        return [f"{TARGET}:live"] if argument == "ReportToolsFunction.Alias" else [argument]
    logical, attribute = argument if isinstance(argument, list) else argument.split(".")
    kind = template()["Resources"][logical]["Type"]
    return [
        {
            "AWS::Logs::LogGroup": arn("logs", f"log-group:report-tools-{logical}-AbC:*"),
            "AWS::BedrockAgentCore::PolicyEngine": ENGINE,
            "AWS::KMS::Key": arn("kms", "key/1a2b3c4d"),
            "AWS::BedrockAgentCore::ApiKeyCredentialProvider": arn(
                "bedrock-agentcore", "token-vault/default/apikeycredentialprovider/my-tools-partner-1a2b3c4d"
            ),
        }[kind]
    ]


def test_no_role_of_the_template_is_cut_by_the_boundary():
    context = {
        "ses__FromAddress": "reports@example.com",
        "cloudwatch__namespace": "bedrock-agentcore",
        "kms__ViaService": "bedrock-agentcore.eu-central-1.amazonaws.com",
    }
    seen = set()
    for name, found in resources("AWS::IAM::Role").items():
        for policy in found["Properties"]["Policies"]:
            policy = next(p for p in policy["Fn::If"][1:] if "PolicyName" in p) if "Fn::If" in policy else policy
            for statement in policy["PolicyDocument"]["Statement"]:
                for resource in [arn_ for r in listed(statement["Resource"]) for arn_ in resolved(r)]:
                    for action in listed(statement["Action"]):
                        assert allows("boundary", action, resource, **context), (name, action, resource)
                        seen.add(action)
    # The boundary holds nothing that no role has.
    assert {action for action, _ in granted("boundary")} == seen


def test_every_role_of_the_template_takes_the_boundary():
    for name, role in resources("AWS::IAM::Role").items():
        assert role["Properties"]["PermissionsBoundary"]["Fn::If"][:2] == ["HasRoleBoundary", {"Ref": "RoleBoundaryArn"}], name


def test_each_person_can_do_the_work():
    run = "cloudformation:"
    for names, action, resource in [
        # sam deploy, sam delete
        *[("deploying", run + a, STACK) for a in ("DescribeStacks", "DescribeChangeSet", "ExecuteChangeSet")],
        *[("deploying", run + a, STACK) for a in ("DescribeStackEvents", "GetTemplateSummary", "DeleteStack")],
        ("deploying", run + "CreateChangeSet", "arn:aws:cloudformation:eu-central-1:aws:transform/Serverless-2016-10-31"),
        # gateway token --user-pool, gateway policy draft, gateway target put, cargo lambda deploy
        ("developing", "cognito-idp:ListUserPoolClients", POOL),
        ("developing", "cognito-idp:DescribeUserPoolClient", POOL),
        ("developing", "bedrock-agentcore:StartPolicyGeneration", ENGINE),
        ("developing", "bedrock-agentcore:GetPolicyGeneration", f"{ENGINE}/policy-generation/draft_1"),
        ("developing", "bedrock-agentcore:ListPolicyGenerationAssets", f"{ENGINE}/policy-generation/draft_1"),
        ("developing", "bedrock-agentcore:UpdateGatewayTarget", GATEWAY),
        ("developing", "lambda:UpdateFunctionCode", arn("lambda", "function:dev-report-tools")),
        ("operating", "logs:FilterLogEvents", arn("logs", "log-group:report-tools-ReportToolsLogs-AbC")),
        ("operating", "lambda:UpdateAlias", f"{TARGET}:live"),
        ("operating", "cognito-idp:AddUserPoolClientSecret", POOL),
        ("operating", "secretsmanager:PutSecretValue", arn("secretsmanager", "secret:partner-AbCdEf")),
    ]:
        assert allows(names, action, resource), (names, action, resource)
    upload = "arn:aws:s3:::my-artefacts/report-tools/0123456789abcdef"
    assert allows("deploying", "s3:PutObject", upload, s3__ResourceAccount="123456789012")
    assert not allows("deploying", "s3:PutObject", upload, s3__ResourceAccount="210987654321")


def test_nobody_can_do_another_ones_work():
    other_pool = arn("cognito-idp", "userpool/eu-central-1_Another12")
    other_gateway = arn("bedrock-agentcore", "gateway/my-tools-5e6f7a8b-abcdefghij")
    for names, action, resource in [
        ("developing", "cognito-idp:DescribeUserPoolClient", other_pool),
        ("developing", "cognito-idp:AdminAddUserToGroup", POOL),
        ("developing", "bedrock-agentcore:UpdateGatewayTarget", other_gateway),
        ("developing", "bedrock-agentcore:UpdateGateway", GATEWAY),
        ("developing", "bedrock-agentcore:CreatePolicy", ENGINE),
        ("developing", "bedrock-agentcore:GetResourceApiKey", "*"),
        ("developing", "lambda:UpdateFunctionCode", TARGET),
        ("developing", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:partner-AbCdEf")),
        ("operating", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:partner-AbCdEf")),
        ("operating", "bedrock-agentcore:UpdateGateway", GATEWAY),
        ("operating", "bedrock-agentcore:InvokeGateway", GATEWAY),
        ("operating", "cognito-idp:AdminAddUserToGroup", POOL),
        ("operating", "cognito-idp:AddUserPoolClientSecret", other_pool),
        ("operating", "lambda:UpdateFunctionCode", TARGET),
        ("deploying", "bedrock-agentcore:UpdateGateway", GATEWAY),
        ("deploying", "iam:CreateRole", role("report-tools-x")),
    ]:
        assert not allows(names, action, resource), (names, action, resource)


@pytest.mark.parametrize("name", PEOPLE)
def test_moto_decides_the_same(name):
    """A judge that is not ours, for what has neither conditions nor NotResource, which moto reads otherwise."""
    policy = IAMPolicy(filled(name))
    assert policy.is_action_permitted("lambda:InvokeFunction", f"{TARGET}:live") == PermissionResult.DENIED
    assert policy.is_action_permitted("cloudformation:DescribeStacks", STACK) == PermissionResult.PERMITTED
    assert policy.is_action_permitted("iam:CreateRole", role("report-tools-x")) == PermissionResult.NEUTRAL


def test_the_threat_model_names_what_is_there():
    """docs/security.md: each test and each check of the doctor in its table."""
    folders = [ROOT / name for name in ("functions", "gateway", "shared", "tests")]
    sources = [p for folder in folders for p in [*folder.rglob("*.rs"), *folder.rglob("*.py")]]
    code = "\n".join(path.read_text() for path in sources)
    rows = [row.split("|")[4] for row in (ROOT / "docs/security.md").read_text().splitlines() if row.startswith("| **")]
    names = {name for row in rows for name in re.findall(r"`([a-z_-]+)`", row)}
    assert len(names) > 20
    known = set(re.findall(r"(?:fn|def) (\w+)\(", code)) | set(re.findall(r'"([a-z]+-[a-z]+)"', code))
    assert names - known == set()
    assert all(re.search(r"`[a-z_-]+`|\*AWS\*|the build", row) for row in rows)
