//! Certificates for one test: an authority of its own, and a server it vouches for.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

pub(crate) struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// An authority, and a certificate of it for `name`.
    pub(crate) fn for_server(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = authority.self_signed(&authority_key).unwrap();
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).unwrap();

        let issuer = Issuer::new(authority, authority_key);
        let server_key = KeyPair::generate().unwrap();
        let server =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&server_key, &issuer).unwrap();
        std::fs::write(folder.path().join("server.pem"), server.pem()).unwrap();
        std::fs::write(folder.path().join("server.key"), server_key.serialize_pem()).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// The sink's arguments for them.
    pub(crate) fn arguments(&self) -> [String; 4] {
        let file = |name| self.path(name).display().to_string();
        ["--cert".into(), file("server.pem"), "--key".into(), file("server.key")]
    }
}
