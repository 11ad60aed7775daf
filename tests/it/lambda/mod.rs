//! The binary as AWS Lambda runs it: started without a command, and given events of the shapes that AWS documents.
//!
//! | module | what it tells |
//! | --- | --- |
//! | `runtime` | the runtime API, as AWS publishes it, driven by the client of the binary, which AWS wrote |
//! | `harbor` | an office on tables, and its functions |
//! | `front` | where people reach the pages |
//! | `events` | the events |

mod authorizer;
mod deliveries;
mod events;
mod front;
mod harbor;
mod ministack_gmail;
mod pages;
mod runtime;
mod schedule;
mod trouble;
