//! Who has signed in, and what can still be turned into tokens: codes and refresh tokens.

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::error::Unspecified;

use crate::error::{ErrorCode, OAuthError};
use crate::secret::{base64url, random, same, sha256};

/// How long an authorisation code is valid, in seconds, as Cognito's are.
const CODE_VALIDITY: u64 = 300;

/// One person's sign-in to one client.
#[derive(Clone)]
pub(crate) struct SignIn {
    pub(crate) client_id: String,
    pub(crate) username: String,
    pub(crate) scopes: BTreeSet<String>,
    /// For the first ID token alone (OpenID Connect Core, section 12.2).
    pub(crate) nonce: Option<String>,
    /// Seconds since 1970.
    pub(crate) auth_time: u64,
    /// The same in every token of this sign-in.
    pub(crate) origin_jti: String,
}

struct Code {
    sign_in: SignIn,
    redirect_uri: String,
    challenge: Option<String>,
    expires: u64,
    spent: bool,
}

struct Refresh {
    sign_in: SignIn,
    expires: u64,
}

/// What a client brings to redeem a code.
pub(crate) struct Presented<'a> {
    pub(crate) code: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
}

/// Codes and refresh tokens. No `Debug`: each of them is a key to an account.
#[derive(Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
}

impl Grants {
    /// A code for somebody who has just signed in.
    pub(crate) fn begin(
        &mut self,
        sign_in: SignIn,
        redirect_uri: &str,
        challenge: Option<&str>,
        now: u64,
    ) -> Result<String, Unspecified> {
        self.codes.retain(|_, code| now < code.expires);
        self.refresh.retain(|_, refresh| now < refresh.expires);
        let code = random()?;
        self.codes.insert(
            code.clone(),
            Code {
                sign_in,
                redirect_uri: redirect_uri.to_owned(),
                challenge: challenge.map(str::to_owned),
                expires: now.saturating_add(CODE_VALIDITY),
                spent: false,
            },
        );
        Ok(code)
    }

    /// The sign-in that a code stands for, and a refresh token. Whatever comes of it, its own
    /// client can present a code once; a second time ends the sign-in (RFC 6749, section 4.1.2).
    pub(crate) fn redeem(
        &mut self,
        presented: &Presented<'_>,
        refresh_validity: u64,
        now: u64,
    ) -> Result<(SignIn, String), OAuthError> {
        let refused = |why: &str| Err(OAuthError::new(ErrorCode::InvalidGrant, why));
        let code = self
            .codes
            .get_mut(presented.code)
            .filter(|code| code.sign_in.client_id == presented.client_id && now < code.expires);
        let Some(code) = code else {
            return refused("the code is unknown, expired or another client's");
        };
        if code.spent {
            let origin = &code.sign_in.origin_jti;
            self.refresh
                .retain(|_, refresh| refresh.sign_in.origin_jti != *origin);
            return refused("the code was used before; the sign-in has been ended");
        }
        code.spent = true;
        if code.redirect_uri != presented.redirect_uri {
            return refused("redirect_uri is not the one that the code was asked for with");
        }
        if !verifies(code.challenge.as_deref(), presented.verifier) {
            return refused("code_verifier does not fit the code_challenge");
        }
        let refresh = random()?;
        let sign_in = code.sign_in.clone();
        self.refresh.insert(
            refresh.clone(),
            Refresh {
                sign_in: SignIn {
                    nonce: None,
                    ..sign_in.clone()
                },
                expires: now.saturating_add(refresh_validity),
            },
        );
        Ok((sign_in, refresh))
    }

    /// The sign-in that a refresh token stands for. It stays valid, as Cognito's do.
    pub(crate) fn refresh(
        &self,
        token: &str,
        client_id: &str,
        now: u64,
    ) -> Result<SignIn, OAuthError> {
        self.refresh
            .get(token)
            .filter(|refresh| refresh.sign_in.client_id == client_id && now < refresh.expires)
            .map(|refresh| refresh.sign_in.clone())
            .ok_or_else(|| {
                OAuthError::new(
                    ErrorCode::InvalidGrant,
                    "the refresh token is unknown, expired, revoked or another client's",
                )
            })
    }

    /// Another client's token, and an unknown one, are left alone.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) {
        if self
            .refresh
            .get(token)
            .is_some_and(|refresh| refresh.sign_in.client_id == client_id)
        {
            self.refresh.remove(token);
        }
    }
}

/// RFC 7636, section 4.6, for S256. A verifier without a challenge is refused too: somebody may
/// have taken the challenge out of the request (RFC 9700, section 2.1.1).
fn verifies(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            is_verifier(verifier) && same(challenge, &base64url(&sha256(verifier)))
        }
        _ => false,
    }
}

/// RFC 7636, section 4.1.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(grants: &mut Grants, now: u64) -> String {
        let sign_in = SignIn {
            client_id: "web".to_owned(),
            username: "mia".to_owned(),
            scopes: BTreeSet::new(),
            nonce: None,
            auth_time: now,
            origin_jti: "1".to_owned(),
        };
        grants.begin(sign_in, "http://a/", None, now).unwrap()
    }

    fn presented(code: &str) -> Presented<'_> {
        Presented {
            code,
            client_id: "web",
            redirect_uri: "http://a/",
            verifier: None,
        }
    }

    #[test]
    fn a_code_is_valid_for_five_minutes() {
        let mut grants = Grants::default();
        let (first, second) = (begin(&mut grants, 1_000), begin(&mut grants, 1_000));
        assert!(grants.redeem(&presented(&first), 60, 1_299).is_ok());
        assert!(grants.redeem(&presented(&second), 60, 1_300).is_err());
    }

    #[test]
    fn a_refresh_token_is_valid_as_long_as_its_client_says() {
        let mut grants = Grants::default();
        let code = begin(&mut grants, 1_000);
        let (_, refresh) = grants.redeem(&presented(&code), 60, 1_010).unwrap();
        assert!(grants.refresh(&refresh, "web", 1_069).is_ok());
        assert!(grants.refresh(&refresh, "web", 1_070).is_err());
    }

    #[test]
    fn what_has_expired_is_forgotten() {
        let mut grants = Grants::default();
        let code = begin(&mut grants, 1_000);
        grants.redeem(&presented(&code), 60, 1_010).unwrap();
        begin(&mut grants, 2_000);
        assert_eq!((grants.codes.len(), grants.refresh.len()), (1, 0));
    }
}
