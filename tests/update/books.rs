//! The account's other books: a key or a withdrawal address that was not there before.

use super::*;
use latchkey::leave::Whose;

/// A page of API keys: what each is called, and when it was made.
fn keys(keys: &[[&str; 2]]) -> String {
    let row = |[name, made]: &[&str; 2]| {
        let cells = format!("<td>{name}</td><td>Read, Trade</td><td>203.0.113.9</td><td>{made}</td>");
        format!("<tr>{cells}<td><button>Delete</button></td></tr>")
    };
    format!(
        "<html lang=en><body><h1>API Management</h1><h2>API keys</h2><table>\
         <tr><th>Label<th>Permissions<th>IP access restrictions<th>Created<th>Action</tr>{}</table>",
        keys.iter().map(row).collect::<String>()
    )
}

const BOT: [&str; 2] = ["bot", "2025-02-03"];
const TAX: [&str; 2] = ["tax", "2025-03-02"];
const NEW: [&str; 2] = ["sweep", "2026-04-13"];
const KEYS: &str = "https://www.binance.com/en/my/settings/api-management";

#[test]
fn a_key_that_was_not_there_before_is_found_and_the_first_list_is_not() {
    let mut house = House::watching();
    let before = now() - TimeDelta::days(20);
    let first = house.sees(tab(KEYS), &keys(&[BOT, TAX]), before);
    assert_eq!(badge(&first), None);
    assert!(matches!(house.screen(tab(KEYS)), Screen::NoList { .. }));
    let later = house.sees(tab(KEYS), &keys(&[BOT, TAX, NEW]), now());
    assert_eq!(badge(&later), Some(("1".to_owned(), Tone::Check)));
    let Screen::Sessions(account) = house.screen(tab(KEYS)) else { panic!() };
    assert_eq!(account.account[0].message.key, "finding_key_new");
    let again = house.sees(tab(KEYS), &keys(&[BOT, TAX, NEW]), now() + TimeDelta::seconds(9));
    assert_eq!(badge(&again), Some(("1".to_owned(), Tone::Check)), "rendered anew");
}

#[test]
fn the_person_says_whose_a_key_is() {
    let mut house = House::watching();
    house.sees(tab(KEYS), &keys(&[BOT, TAX]), now() - TimeDelta::days(20));
    house.sees(tab(KEYS), &keys(&[BOT, TAX, NEW]), now());
    let Screen::Sessions(account) = house.screen(tab(KEYS)) else { panic!() };
    let row = account.account[0].entry.clone().expect("the key's entry");
    let mut say = |answer| {
        let answer = FromScreen::Answer {
            tab: tab(KEYS).id,
            account: account.id.clone(),
            row: row.clone(),
            answer: Some(answer),
        };
        house.happens(Event::Screen(answer), now());
        match house.screen(tab(KEYS)) {
            Screen::Sessions(account) => account.account.first().map(|it| it.message.key.to_string()),
            _ => None,
        }
    };
    assert_eq!(say(Answer::NotMine).as_deref(), Some("finding_entry_disowned"));
    assert_eq!(say(Answer::Mine), None);
}

#[test]
fn a_page_of_keys_is_no_reading_of_the_sessions() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(""), now() - TimeDelta::days(20));
    let readings = |house: &House| house.state.kept.accounts.values().map(|it| it.memory.readings).max();
    let before = readings(&house);
    house.sees(tab(KEYS), &keys(&[BOT]), now());
    assert_eq!(readings(&house), before);
}

#[test]
fn a_visitors_keys_are_forgotten_with_them() {
    let mut house = House::watching();
    house.sees(tab(KEYS), &keys(&[BOT]), now() - TimeDelta::hours(1));
    assert_eq!(house.state.kept.accounts.len(), 1);
    house.says(Whose::NotMine);
    house.sees(tab(KEYS), &keys(&[BOT, TAX]), now());
    assert!(house.state.kept.accounts.is_empty());
}

#[test]
fn the_words_of_a_key_are_not_kept() {
    let mut house = House::watching();
    house.sees(tab(KEYS), &keys(&[BOT, ["Zanzibar trader", "2025-02-03"]]), now());
    let kept = serde_json::to_string(&house.state.kept.accounts).unwrap();
    assert!(kept.contains("key-") && !kept.contains("anzibar"), "{kept}");
}
