//! One program for all claims, so that the two browsers need not wait for each other between files.

#![allow(missing_docs, clippy::print_stdout)]

mod data;
mod main_job;
mod promises;
mod reader;
mod watch;
