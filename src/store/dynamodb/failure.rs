//! What DynamoDB said instead of an answer.
//!
//! A commit asks four things of a failure: did it have an effect, does it help to ask again, whose condition did
//! not hold, and what is the operator to do.

use std::error::Error;
use std::sync::Arc;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::aws::causes;
use crate::store::StoreError;

/// What a failed request was.
#[derive(Debug)]
pub(super) enum Failure {
    /// It may have had its effect: the answer was lost, late, or says that something broke.
    Unknown(StoreError),
    /// There are too many requests at the moment. It had no effect.
    Throttled(StoreError),
    /// It had no effect, and asked again it will not have one either.
    Refused(StoreError),
}

impl Failure {
    pub(super) fn into_error(self) -> StoreError {
        match self {
            Failure::Unknown(error) | Failure::Throttled(error) | Failure::Refused(error) => error,
        }
    }
}

/// What the SDK reports, as a source that prints all of it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Said(pub(super) String);

/// All that an error tells, in words.
pub(super) fn said<E, R>(error: &SdkError<E, R>) -> Said
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    let causes = causes(error);
    // Of an error that the SDK has no type for, the causes have the code alone.
    match error.message().filter(|message| !causes.contains(message)) {
        Some(message) => Said(format!("{causes}: {message}")),
        None => Said(causes),
    }
}

/// What a failed request was; `doing` says what it was for, as "reading rows".
pub(super) fn of<E, R>(doing: &'static str, error: &SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    let cause = Arc::new(said(error));
    let unavailable = |cause| StoreError::Unavailable { doing, cause };
    let service = match error {
        SdkError::ServiceError(service) => service.err(),
        // Nothing was sent: the endpoint that is set makes no address.
        SdkError::ConstructionFailure(_) => return Failure::Refused(StoreError::NotConfigured { cause }),
        _ => return Failure::Unknown(unavailable(cause)),
    };
    match service.code() {
        Some(
            "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "RequestLimitExceeded"
            | "ThrottlingError"
            | "ProvisionedThroughputExceeded",
        ) => Failure::Throttled(StoreError::Throttled { cause }),
        Some("ResourceNotFoundException") => Failure::Refused(StoreError::NoTables { cause }),
        Some(
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "ExpiredTokenException"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignatureException"
            | "OptInRequired",
        ) => Failure::Refused(StoreError::NotAllowed { cause }),
        Some("ValidationException" | "SerializationException" | "IdempotentParameterMismatchException") => {
            Failure::Refused(StoreError::NotUnderstood { cause })
        }
        // TransactionInProgressException, InternalServerError, and whatever is not known yet.
        _ => Failure::Unknown(unavailable(cause)),
    }
}

/// The error of a read that failed.
pub(super) fn of_read<E, R>(error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    of("reading rows", error).into_error()
}
