//! A command as a request gives it: by its word, with the fields that it has.

use std::borrow::Cow;

use serde_json::{Map, Value};
use utoipa::openapi::schema::{Discriminator, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::forms::{
    Again, Answer, Assign, Bounced, Cancel, Extend, NoShow, Now, Override, Pause, RecordFigures, Release,
    Reorder, Reschedule, Restore, Resume, Skip, Start, Stop, TurnedUp,
};
use crate::web::api::Problem;
use crate::web::api::body::Form;

/// The field that says which command it is.
const TAG: &str = "command";

/// All commands: the word, and what else it takes.
macro_rules! commands {
    ($($word:literal => $form:ident,)*) => {
        /// What the office wants of a charter.
        #[derive(Debug)]
        pub(in crate::web::api) enum CommandRequest {
            $($form($form),)*
        }

        const WORDS: &[&str] = &[$($word),*];

        // Not by serde's own way of reading such enums, which loses the place of what is wrong.
        impl Form for CommandRequest {
            fn read(mut fields: Map<String, Value>) -> Result<Self, Problem> {
                let problem = match fields.remove(TAG) {
                    Some(Value::String(word)) => match word.as_str() {
                        $($word => return Form::read(fields).map(Self::$form),)*
                        _ => format!("is {word:?}, which is no command"),
                    },
                    Some(_) => "is not a word".to_owned(),
                    None => "is missing".to_owned(),
                };
                Err(Problem::fault(TAG, format!("{problem}; there are {}", WORDS.join(", "))))
            }
        }

        impl ToSchema for CommandRequest {
            fn name() -> Cow<'static, str> {
                "Command".into()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $(
                    schemas.push((component(&$form::name()), described($form::schema(), $word)));
                    $form::schemas(schemas);
                )*
            }
        }

        impl PartialSchema for CommandRequest {
            fn schema() -> RefOr<Schema> {
                let forms = [$(($word, Ref::from_schema_name(component(&$form::name())))),*];
                let mapping = forms.iter().map(|(word, form)| (*word, form.ref_location.clone()));
                let discriminator = Discriminator::with_mapping(TAG, mapping);
                forms
                    .iter()
                    .fold(OneOfBuilder::new(), |one_of, (_, form)| one_of.item(form.clone()))
                    .discriminator(Some(discriminator))
                    .description(Some("What the office wants of a charter"))
                    .into()
            }
        }
    };
}

commands! {
    "start" => Start,
    "pause" => Pause,
    "resume" => Resume,
    "stop" => Stop,
    "again" => Again,
    "skip" => Skip,
    "now" => Now,
    "extend" => Extend,
    "assign" => Assign,
    "release" => Release,
    "no_show" => NoShow,
    "turned_up" => TurnedUp,
    "record_figures" => RecordFigures,
    "reorder" => Reorder,
    "answer" => Answer,
    "bounced" => Bounced,
    "override" => Override,
    "reschedule" => Reschedule,
    "cancel" => Cancel,
    "restore" => Restore,
}

/// The name of a command's schema; what is shown has some of the same names.
fn component(form: &str) -> String {
    format!("{form}Command")
}

/// The schema of a command: its fields, and the word that it is known by.
fn described(form: RefOr<Schema>, word: &'static str) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut form)) = form else { return form };
    let tag = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word]));
    form.properties.insert(TAG.to_owned(), tag.into());
    form.required.insert(0, TAG.to_owned());
    RefOr::T(Schema::Object(form))
}
