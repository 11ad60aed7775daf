//! One key at a time, into its type; faults are kept until the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use figment::value::Value;
use serde::Serialize;

use super::keys::{self, Kind};
use super::layers::Layers;
use super::{ConfigError, ConfigFault};
use crate::secret::{self, SecretPlace};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "source", content = "variable")]
pub enum Source {
    /// The file.
    File,
    /// This variable.
    Environment(String),
    /// Nobody gave one.
    Default,
}

/// One effective value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The key, with its section.
    pub key: String,
    /// The value as text. Secrets stand elsewhere, and this is only the name of that place.
    pub value: String,
    /// Where it comes from.
    #[serde(flatten)]
    pub source: Source,
}

/// What to take where a key is not given.
pub(super) enum Fallback {
    /// That is a fault.
    Required,
    /// This.
    Default(String),
    /// Nothing.
    Absent,
}

/// Reads keys, and remembers what it found.
pub(super) struct Reader {
    layers: Layers,
    given: BTreeMap<String, (Value, Source)>,
    settings: Vec<Setting>,
    faults: Vec<ConfigFault>,
}

impl Reader {
    pub(super) fn new(mut layers: Layers) -> Self {
        let faults = std::mem::take(&mut layers.faults);
        let given = std::mem::take(&mut layers.given);
        let given = given.into_iter().map(|(key, value, source)| (key, (value, source))).collect();
        Self { layers, given, settings: Vec::new(), faults }
    }

    /// Whether any key of a section was given.
    pub(super) fn has_section(&self, section: &str) -> bool {
        self.given.keys().any(|key| key.strip_prefix(section).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Whether this key was given.
    pub(super) fn is_given(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// The names that the operator chose under a section: `america` for `vessels.america.class`.
    pub(super) fn names_in(&self, section: &str) -> BTreeSet<String> {
        let rest =
            |key: &String| key.strip_prefix(section)?.strip_prefix('.')?.split('.').next().map(str::to_owned);
        self.given.keys().filter_map(rest).collect()
    }

    /// The value of a key. `None` also when it is faulty, which [`Reader::finish`] will tell.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        fallback: Fallback,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (text, source) = match (self.given.remove(key), fallback) {
            (Some((value, source)), _) => match text_of(&value, key, &source) {
                Ok(text) => (text, source),
                Err(problem) => return self.fault(key, &source, problem),
            },
            (None, Fallback::Default(text)) => (text, Source::Default),
            (None, Fallback::Absent) => return None,
            (None, Fallback::Required) => {
                let example = keys::find(key).map_or("", |key| key.example);
                let (section, _) = key.rsplit_once('.').unwrap_or_default();
                let problem = format!("is missing; write for example {example} under [{section}]");
                return self.fault(key, &Source::File, problem);
            }
        };
        match parse(&text) {
            Ok(value) => {
                self.settings.push(Setting { key: key.to_owned(), value: text, source });
                Some(value)
            }
            Err(problem) => self.fault(key, &source, problem),
        }
    }

    /// A file's name, made relative to where the settings stand.
    pub(super) fn file(&mut self, key: &str, fallback: Fallback) -> Option<PathBuf> {
        let directory = self.layers.directory.clone();
        self.read(key, fallback, |name| match name.trim() {
            "" => Err("is empty; name a file".into()),
            _ => Ok(directory.join(name)),
        })
    }

    /// Where a secret stands: of the keys `<key>_file` and `<key>_secret` one at the most is given.
    pub(super) fn place(&mut self, key: &str) -> Option<SecretPlace> {
        let (file_key, secret_key) = (format!("{key}_file"), format!("{key}_secret"));
        let file = self.file(&file_key, Fallback::Absent);
        let secret = self.read(&secret_key, Fallback::Absent, secret::name);
        if let (Some(file), Some(_)) = (&file, &secret) {
            let source = self.settings.iter().find(|setting| setting.key == file_key);
            let by = match source.map(|setting| &setting.source) {
                Some(Source::Environment(variable)) => format!(" of {variable}"),
                _ => String::new(),
            };
            self.object(&secret_key, format!("stands beside {file_key}{by}; give one of them"));
            return Some(SecretPlace::File(file.clone()));
        }
        if secret.is_some() && cfg!(not(feature = "aws")) {
            let problem = format!(
                "names a secret in AWS, of which this build of crewcall knows nothing; build it with `cargo install \
                 --path . --features aws`, or name a file in {file_key}"
            );
            self.object(&secret_key, problem);
        }
        secret.map(SecretPlace::SecretsManager).or(file.map(SecretPlace::File))
    }

    /// Notes the value of a key that follows from other keys.
    pub(super) fn assume(&mut self, key: &str, value: &str) {
        self.settings.push(Setting { key: key.to_owned(), value: value.to_owned(), source: Source::Default });
    }

    /// The file that counts where neither the key nor another one that stands for it is given.
    pub(super) fn assume_file(&mut self, key: &str, name: &str) -> PathBuf {
        self.assume(key, name);
        self.layers.directory.join(name)
    }

    /// A fault that only shows beyond the text of one key.
    pub(super) fn object(&mut self, key: &str, problem: impl Into<String>) {
        let source = self.settings.iter().find(|setting| setting.key == key);
        let source = source.map_or(Source::File, |setting| setting.source.clone());
        self.fault::<()>(key, &source, problem.into());
    }

    fn fault<T>(&mut self, key: &str, source: &Source, problem: String) -> Option<T> {
        let place = self.layers.place(source);
        self.faults.push(ConfigFault { place, key: key.to_owned(), problem });
        None
    }

    /// The effective values and the file's name, if nothing was faulty.
    pub(super) fn finish(self) -> Result<(Vec<Setting>, String), ConfigError> {
        if self.faults.is_empty() {
            Ok((self.settings, self.layers.place))
        } else {
            Err(ConfigError::Faults(self.faults))
        }
    }
}

/// A value as text, if it is of the key's kind.
fn text_of(value: &Value, key: &str, source: &Source) -> Result<String, String> {
    let kind = keys::find(key).map_or(Kind::Text, |key| key.kind);
    let example = keys::find(key).map_or("", |key| key.example);
    let wrong = |what: &str| Err(format!("is {what}; write for example {example}"));
    match (value, kind) {
        // A list has to be a list in the file, so that it reads as what it is.
        (Value::String(..), Kind::Words) if *source == Source::File => wrong("text"),
        (Value::String(_, text), _) => Ok(text.clone()),
        (Value::Char(_, text), _) => Ok(text.to_string()),
        (Value::Num(..), Kind::Number) => {
            value.to_i128().map_or_else(|| wrong("no whole number"), |number| Ok(number.to_string()))
        }
        (Value::Array(_, words), Kind::Words) => {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            words.map_or_else(|| wrong("no list of words"), |words| Ok(words.join(", ")))
        }
        (Value::Num(..), _) => wrong("a number without quotes"),
        (Value::Bool(..), _) => wrong("true or false"),
        (Value::Array(..), _) => wrong("a list"),
        (Value::Dict(..), _) => wrong("a section or a date"),
        (Value::Empty(..), _) => wrong("nothing"),
    }
}
