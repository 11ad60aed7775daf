//! Which value counts for a key, and where it comes from: the file, and the environment on top.

use std::path::{Path, PathBuf};

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::reader::Source;
use super::{ConfigError, ConfigFault, FILE, keys};
use crate::import::input;

/// How variables of ours begin.
const PREFIX: &str = "CREWCALL_";

/// Every key that was given, each from the layer that counts.
#[derive(Debug)]
pub(super) struct Layers {
    /// The file, as sentences name it.
    pub(super) place: String,
    /// What relative names of files are relative to.
    pub(super) directory: PathBuf,
    /// Key, value and source, in the order of the alphabet.
    pub(super) given: Vec<(String, Value, Source)>,
    /// Keys that there are not.
    pub(super) faults: Vec<ConfigFault>,
}

impl Layers {
    pub(super) fn of_file(path: &Path) -> Result<Self, ConfigError> {
        let text = match input::read_file(path) {
            Err(input::InputError::Missing(path)) => return Err(ConfigError::None(path)),
            // An empty file is a file without keys: the sentences about those that are missing help more.
            Err(input::InputError::Empty(_)) => String::new(),
            read => read?.text,
        };
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let syntax = |error: &dyn ToString| ConfigError::Syntax {
            path: path.to_owned(),
            problem: first_and_last_line(&error.to_string()),
        };
        let layers = Figment::from(Toml::string(&text));
        Self::new(layers, path.display().to_string(), directory, &syntax)
    }

    pub(super) fn of_environment() -> Result<Self, ConfigError> {
        if variables().next().is_none() {
            return Err(ConfigError::None(FILE.into()));
        }
        let syntax = |_: &dyn ToString| ConfigError::None(FILE.into());
        Self::new(Figment::new(), "the environment".into(), PathBuf::new(), &syntax)
    }

    fn new(
        file: Figment,
        place: String,
        directory: PathBuf,
        syntax: &dyn Fn(&dyn ToString) -> ConfigError,
    ) -> Result<Self, ConfigError> {
        let figment = variables().fold(file, Figment::merge);
        let mut values = figment.data().map_err(|error| syntax(&error))?;
        let mut layers = Self { place, directory, given: Vec::new(), faults: Vec::new() };
        layers.flatten(&figment, "", values.remove(&Profile::Default).unwrap_or_default());
        Ok(layers)
    }

    fn flatten(&mut self, figment: &Figment, section: &str, values: Dict) {
        for (name, value) in values {
            let key = if section.is_empty() { name } else { format!("{section}.{name}") };
            let source = source_of(figment, &key);
            match value {
                value if keys::find(&key).is_some() => self.given.push((key, value, source)),
                Value::Dict(_, values) if keys::is_section(&key) => self.flatten(figment, &key, values),
                _ => {
                    let problem = match (keys::is_section(&key), keys::nearest(&key)) {
                        (true, _) => format!("is a section; write [{key}] above its keys"),
                        (_, Some(near)) => format!("there is no such key; did you mean {near}?"),
                        _ => {
                            "there is no such key; `crewcall config` lists those there are, take this one out"
                                .into()
                        }
                    };
                    self.faults.push(ConfigFault { place: self.place(&source), key, problem });
                }
            }
        }
    }

    /// The file or the variable, as sentences name it.
    pub(super) fn place(&self, source: &Source) -> String {
        match source {
            Source::Environment(variable) => variable.clone(),
            Source::File | Source::Default => self.place.clone(),
        }
    }
}

fn source_of(figment: &Figment, key: &str) -> Source {
    let metadata = figment.find_metadata(key);
    match metadata.filter(|metadata| metadata.name.starts_with(PREFIX)) {
        Some(metadata) => Source::Environment(metadata.name.to_string()),
        None => Source::File,
    }
}

/// What the parser says has a drawing of the line in its middle, which may show a secret.
fn first_and_last_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [first, .., last] => format!("{}, {last}", first.trim_start_matches("TOML parse error ")),
        _ => text.trim().to_owned(),
    }
}

/// One variable, as a layer of its own, so that a fault can name it.
struct Variable {
    name: String,
    key: String,
    value: String,
}

/// Variables whose name holds a section: others that begin alike are not settings.
fn variables() -> impl Iterator<Item = Variable> {
    let mut found: Vec<Variable> = std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.to_str()?.to_owned();
            let key = name.strip_prefix(PREFIX)?;
            let key = key.contains("__").then(|| key.to_ascii_lowercase().replace("__", "."))?;
            Some(Variable { name, key, value: value.to_string_lossy().into_owned() })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.into_iter()
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let nested = figment::util::nest(&self.key, Value::from(self.value.clone()));
        let values = nested.into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, values)]))
    }
}
