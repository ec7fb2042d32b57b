//! One program for all claims, so that the two browsers need not wait for each other between files.

#![allow(missing_docs, clippy::print_stdout)]

mod books;
mod data;
mod desk;
mod diary;
mod main_job;
mod managed;
mod promises;
mod reader;
mod settings;
mod teach;
mod watch;
