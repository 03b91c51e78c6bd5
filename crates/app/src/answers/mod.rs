//! Answers of a person to what an agent asked.

mod permission;
mod question;
