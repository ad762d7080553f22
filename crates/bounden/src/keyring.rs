//! Private keys on this machine: the gate's, the ledger's and people's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bounden_ledger::{NoteSigner, PersonId, SigningKey};

use crate::durable::{self, Readers};
use crate::exit::Failure;

/// The folder of private keys, open to its owner only.
pub(crate) struct Keyring {
    folder: PathBuf,
}

const GATE: &str = "gate.pem";
const LEDGER: &str = "ledger.key";

impl Keyring {
    pub(crate) fn open(folder: PathBuf) -> Result<Self, Failure> {
        durable::private_folder(&folder.join("people"))
            .map_err(|error| Failure::unavailable(format!("{}: {error}", folder.display())))?;
        Ok(Self { folder })
    }

    /// The key that promotions are signed with; made at first use.
    pub(crate) fn gate(&self) -> Result<SigningKey, Failure> {
        let path = self.folder.join(GATE);
        if path.exists() { load(&path) } else { make(&path) }
    }

    /// The key that checkpoints of the ledger are signed with; made at first use.
    pub(crate) fn ledger(&self) -> Result<NoteSigner, Failure> {
        let path = self.folder.join(LEDGER);
        let failed = |error: &dyn std::fmt::Display| {
            Failure::unavailable(format!("{}: {error}", path.display()))
        };
        match fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().map_err(|error| failed(&error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let name: [u8; 4] = entropy()?;
                let name = format!("local-{:08x}", u32::from_be_bytes(name));
                let signer = NoteSigner::from_seed(&name, entropy()?);
                let signer = signer.map_err(|error| failed(&error))?;
                let text = format!("{}\n", signer.to_secret_text());
                durable::replace(&path, text.as_bytes(), Readers::Owner)
                    .map_err(|error| failed(&error))?;
                Ok(signer)
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// A person's key, if it is on this machine.
    pub(crate) fn person(&self, person: &PersonId) -> Result<Option<SigningKey>, Failure> {
        let path = self.path_of(person)?;
        if path.exists() { load(&path).map(Some) } else { Ok(None) }
    }

    /// Makes a key for somebody who has none here.
    pub(crate) fn make_person(&self, person: &PersonId) -> Result<SigningKey, Failure> {
        make(&self.path_of(person)?)
    }

    fn path_of(&self, person: &PersonId) -> Result<PathBuf, Failure> {
        let name = person.as_str();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(allowed) {
            let message =
                format!("`{name}` is no name: use letters, digits, `-`, `_`, `.` and `@`");
            return Err(Failure::usage(message));
        }
        Ok(self.folder.join("people").join(format!("{name}.pem")))
    }
}

/// Random bytes of the operating system.
pub(crate) fn entropy<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::unavailable(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

fn load(path: &Path) -> Result<SigningKey, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::unavailable(format!("{}: {error}", path.display()))
    };
    let pem = fs::read_to_string(path).map_err(|error| failed(&error))?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|error| failed(&error))
}

fn make(path: &Path) -> Result<SigningKey, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::unavailable(format!("{}: {error}", path.display()))
    };
    let key = SigningKey::from_entropy(entropy()?).map_err(|error| failed(&error))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(&error))?;
    durable::replace(path, pem.as_bytes(), Readers::Owner).map_err(|error| failed(&error))?;
    Ok(key)
}
