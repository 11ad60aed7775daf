//! An issuer of OpenID Connect that says whatever a test has it say, true or not.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use crewcall::web::serve;
use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(super) const CLIENT: &str = "crewcall-test";

/// What it says at present.
pub(super) struct Says {
    /// It answers nothing but 503.
    pub(super) is_down: bool,
    pub(super) metadata: Value,
    pub(super) keys: Vec<Value>,
    pub(super) id_token: String,
    pub(super) userinfo: Value,
    /// What the token endpoint answers instead.
    pub(super) refusal: Option<Value>,
    /// What it was asked: each path, and the form that came.
    pub(super) asked: Vec<(String, String)>,
}

pub(super) struct Issuer {
    pub(super) url: String,
    says: Arc<Mutex<Says>>,
}

impl Issuer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let metadata = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "userinfo_endpoint": format!("{url}/me"),
        });
        let says = Says {
            is_down: false,
            metadata,
            keys: vec![RsaKey::own().public("first")],
            id_token: String::new(),
            userinfo: json!({}),
            refusal: None,
            asked: Vec::new(),
        };
        let says = Arc::new(Mutex::new(says));
        let pages = Router::new().fallback(answer).with_state(says.clone());
        tokio::spawn(serve(listener, pages, std::future::pending()));
        Self { url, says }
    }

    pub(super) fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }

    /// How often that path was asked for.
    pub(super) fn count(&self, path: &str) -> usize {
        self.says().asked.iter().filter(|(asked, _)| asked == path).count()
    }
}

async fn answer(State(says): State<Arc<Mutex<Says>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap();
    let mut says = says.lock().unwrap();
    says.asked.push((path.clone(), String::from_utf8(body.to_vec()).unwrap()));
    if says.is_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match (&*path, &says.refusal) {
        ("/.well-known/openid-configuration", _) => Json(says.metadata.clone()).into_response(),
        ("/keys", _) => Json(json!({ "keys": says.keys })).into_response(),
        ("/me", _) => Json(says.userinfo.clone()).into_response(),
        ("/token", Some(refusal)) => (StatusCode::BAD_REQUEST, Json(refusal.clone())).into_response(),
        ("/token", None) => {
            let tokens = json!({ "access_token": "at", "token_type": "Bearer", "id_token": says.id_token });
            Json(tokens).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn encoded(part: &Value) -> String {
    BASE64URL_NOPAD.encode(part.to_string().as_bytes())
}

/// A token, signed by whatever `sign` does.
pub(super) fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(claims));
    let signature = sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// A key of RS256.
pub(super) struct RsaKey(RsaKeyPair);

impl RsaKey {
    pub(super) fn own() -> &'static Self {
        static OWN: LazyLock<RsaKey> = LazyLock::new(|| {
            let pem = include_bytes!("../../../google/keys/robot.pem");
            let der = PrivatePkcs8KeyDer::from_pem_slice(pem).unwrap();
            RsaKey(RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap())
        });
        &OWN
    }

    pub(super) fn public(&self, kid: &str) -> Value {
        let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(self.0.public_key());
        let coded = |number: &[u8]| BASE64URL_NOPAD.encode(number);
        json!({ "kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": coded(&n), "e": coded(&e) })
    }

    pub(super) fn sign(&self, text: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).unwrap();
        signature
    }
}

/// A key of ES256, made anew.
pub(super) struct EcKey(EcdsaKeyPair);

impl EcKey {
    pub(super) fn new() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap())
    }

    pub(super) fn public(&self, kid: &str) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let coded = |number: &[u8]| BASE64URL_NOPAD.encode(number);
        json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": coded(x), "y": coded(y) })
    }

    pub(super) fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), text).unwrap().as_ref().to_vec()
    }
}
