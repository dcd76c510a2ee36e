//! Which tokens a Gateway or a Runtime takes.

use serde_json::Value;

use crate::finding::Finding;
use crate::symbols::{ids, names};
use crate::view::{GATEWAY, Item, JWT, RUNTIME, View, get, listed, text};

const POOL: &str = "AWS::Cognito::UserPool";
const CLIENT: &str = "AWS::Cognito::UserPoolClient";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let guarded = view.items.iter();
    for item in guarded.filter(|item| [GATEWAY, RUNTIME].contains(&item.kind)) {
        if let Some(jwt) = item.get(&JWT) {
            tokens(view, item, jwt, &mut findings);
        }
    }
    findings
}

fn tokens(view: &View<'_>, item: &Item<'_>, jwt: &Value, findings: &mut Vec<Finding>) {
    let at = |rest: &'static str| [JWT[0], JWT[1], rest];
    let [clients, scopes, audience] =
        ["AllowedClients", "AllowedScopes", "AllowedAudience"].map(|key| listed(jwt.get(key)));
    let url = get(jwt, &["DiscoveryUrl"])
        .and_then(text)
        .unwrap_or_default();
    if url.is_empty() {
        findings.push(view.error(
            "authorizer-missing",
            item,
            &JWT,
            "no DiscoveryUrl: it is not said whose tokens are taken",
            "add the issuer's URL with `/.well-known/openid-configuration`",
        ));
    }
    let pool = view.named_in(POOL, &url);
    let cognito = pool.is_some() || url.contains("://cognito-idp.");
    if cognito && !audience.is_empty() {
        findings.push(view.error(
            "authorizer-audience",
            item,
            &at("AllowedAudience"),
            "Amazon Cognito's access tokens have no audience, so none is ever let in",
            "name the clients in AllowedClients instead",
        ));
    }
    if clients.is_empty() && (cognito || audience.is_empty()) {
        findings.push(view.error(
            "authorizer-clients",
            item,
            &JWT,
            "no AllowedClients: a token made for any other application of the issuer is taken, too",
            "list the clients that this is meant for",
        ));
    }
    let Some(pool) = pool else { return };
    let offered = scopes_of(view, pool.id);
    if scopes.is_empty() && !offered.is_empty() {
        let finding = view.error(
            "authorizer-scopes",
            item,
            &JWT,
            "no AllowedScopes: a client's token for something else gets in, too",
            format!(
                "list the scope that lets in, such as `{}`",
                offered.join("`, `")
            ),
        );
        findings.push(match clients.is_empty() {
            true => finding,
            false => finding.warning(),
        });
    }
    for scope in scopes
        .iter()
        .filter(|scope| scope.contains('/') && !scope.contains("${"))
    {
        if !offered.contains(scope) {
            findings.push(view.error(
                "authorizer-scopes",
                item,
                &at("AllowedScopes"),
                format!(
                    "no resource server of the user pool `{}` has the scope `{scope}`",
                    pool.id
                ),
                format!("take one of `{}`", offered.join("`, `")),
            ));
        }
    }
    for client in view.of_kind(CLIENT) {
        let of = client.text(&["UserPoolId"]).unwrap_or_default();
        let granted = listed(client.get(&["AllowedOAuthScopes"]));
        let meant = granted.iter().any(|scope| scopes.contains(scope));
        let let_in = clients.iter().any(|text| names(text, client.id));
        if meant && !let_in && !clients.is_empty() && names(&of, pool.id) {
            findings.push(
                view.error(
                    "authorizer-clients",
                    item,
                    &at("AllowedClients"),
                    format!(
                        "the client `{}` can have a scope that lets in, and is not listed",
                        client.id
                    ),
                    "list it, or take the scope from its AllowedOAuthScopes",
                )
                .warning(),
            );
        }
    }
    let named = clients.iter().flat_map(|client| ids(client));
    for client in named
        .filter_map(|id| view.item(id))
        .filter(|item| item.kind == CLIENT)
    {
        let of = client.text(&["UserPoolId"]).unwrap_or_default();
        if view.named_in(POOL, &of).is_some_and(|of| of.id != pool.id) {
            findings.push(view.error(
                "authorizer-clients",
                item,
                &at("AllowedClients"),
                format!(
                    "`{}` is a client of another user pool than `{}`",
                    client.id, pool.id
                ),
                "list clients of the pool that the DiscoveryUrl names",
            ));
        }
        let granted = listed(client.get(&["AllowedOAuthScopes"]));
        if !scopes.is_empty() && !granted.iter().any(|scope| scopes.contains(scope)) {
            findings.push(view.error(
                "authorizer-scopes",
                item,
                &at("AllowedScopes"),
                format!(
                    "the client `{}` can have none of these scopes, so its tokens are refused",
                    client.id
                ),
                "add one of them to its AllowedOAuthScopes",
            ));
        }
    }
}

/// The scopes of a pool's resource servers, as tokens name them.
fn scopes_of(view: &View<'_>, pool: &str) -> Vec<String> {
    let servers = view.of_kind("AWS::Cognito::UserPoolResourceServer");
    let mut scopes = Vec::new();
    for server in servers.filter(|server| {
        server
            .text(&["UserPoolId"])
            .is_some_and(|id| names(&id, pool))
    }) {
        let identifier = server.text(&["Identifier"]).unwrap_or_default();
        let names = server.list(&["Scopes"]).iter();
        let names = names.filter_map(|scope| scope.get("ScopeName").and_then(text));
        scopes.extend(names.map(|name| format!("{identifier}/{name}")));
    }
    scopes
}
