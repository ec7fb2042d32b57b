//! What is known of each exchange: a file each in `exchange/`, with the source of every fact.
