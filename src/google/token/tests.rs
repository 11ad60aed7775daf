use super::*;

#[test]
fn the_account_is_read_from_an_id_token_and_nothing_else_is_believed() {
    let token = |claims: &str| format!("e30.{}.signature", BASE64URL_NOPAD.encode(claims.as_bytes()));
    assert_eq!(account_in(&token(r#"{"email": "crew@example.com"}"#)).as_deref(), Some("crew@example.com"));
    assert_eq!(
        account_in(&token("{\"email\": \"crew@example.com\\nBcc: x\"}")).as_deref(),
        Some("crew@example.com Bcc: x")
    );
    for nothing in ["", "a.b.c", "....", &token("{}"), &token("[]"), &token(r#"{"email": 7}"#), "a.🦀.c"] {
        assert_eq!(account_in(nothing), None, "{nothing}");
    }
}

#[test]
fn each_refusal_of_the_endpoint_has_its_meaning() {
    let meaning = |error: &str| {
        let text =
            format!(r#"{{"error": "{error}", "error_description": "Token has been expired or revoked."}}"#);
        meaning(&serde_json::from_str(&text).unwrap())
    };
    assert!(
        matches!(meaning("invalid_grant"), TokenError::Grant(said) if said.ends_with("expired or revoked"))
    );
    for client in ["invalid_client", "unauthorized_client", "deleted_client", "disabled_client"] {
        assert!(matches!(meaning(client), TokenError::Client(_)), "{client}");
    }
    assert!(matches!(meaning("temporarily_unavailable"), TokenError::Passing { .. }));
    for refused in ["admin_policy_enforced", "invalid_scope", "access_denied"] {
        assert!(matches!(meaning(refused), TokenError::Refused(_)), "{refused}");
    }
}
