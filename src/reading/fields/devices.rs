//! The text that names a row's device, and what all of its texts say of it.

use std::borrow::Cow;

use super::fragments::Fragment;
use super::places::without_flag;
use super::votes::{Votes, votes};
use super::{Facts, View};
use crate::page::NodeId;
use crate::reading::device::{self, Device};
use crate::reading::leaves::Source;
use crate::reading::lexicon::{Concept, Lexicon};
use crate::session::Form;

/// The text that names the device, and what all texts together say of it.
pub(super) fn devices(view: &View<'_>, fragments: &[Fragment<'_>], tally: &Votes, facts: &mut Facts) {
    let place = facts.row.place.clone();
    let mut found: Vec<(i32, String, Cow<'_, Device>)> = Vec::new();
    let mut lines: Vec<(NodeId, Vec<&Fragment<'_>>)> = Vec::new();
    for fragment in fragments {
        if place.as_deref() == Some(fragment.text.as_str())
            || place.as_ref().is_some_and(|place| without_flag(&fragment.text) == *place)
        {
            continue;
        }
        match lines.last_mut() {
            Some((block, line)) if *block == fragment.piece.block => line.push(fragment),
            _ => lines.push((fragment.piece.block, vec![fragment])),
        }
    }
    let labelled = |fragment: &Fragment<'_>| {
        fragment.piece.labels.iter().any(|label| {
            matches!(label, Concept::Device | Concept::Browser | Concept::UserAgent | Concept::DeviceModel)
        })
    };
    let foreign = |fragment: &Fragment<'_>| {
        !fragment.piece.labels.is_empty() && !labelled(fragment) && !fragment.piece.labels.contains(&Concept::Os)
    };
    for (at, (_, line)) in lines.iter().enumerate() {
        let usable: Vec<&&Fragment<'_>> = line.iter().filter(|fragment| !foreign(fragment)).collect();
        // Neighbouring pieces of a line that only together name the device: "Chrome" on "Windows".
        let mut text = String::new();
        let mut device = Device::default();
        let mut score = -1;
        let joined: Vec<&str> = usable.iter().map(|fragment| fragment.text.as_str()).collect();
        if usable.len() > 1 {
            let whole = joined.join(" ");
            let read = device::read(&whole);
            let best = usable.iter().filter_map(|fragment| fragment.device.as_deref()).map(weight).max().unwrap_or(0);
            if read.share >= 0.8 && weight(&read) > best && usable.iter().all(|fragment| !fragment.beside_address) {
                score = 10 + weight(&read);
                text = whole;
                device = read;
            }
        }
        if score < 0 {
            for fragment in &usable {
                let Some(read) = fragment.device.as_ref().filter(|device| device.share >= 0.5) else { continue };
                let mut own = weight(read) + votes(&tally.device, fragment.piece).min(4) as i32;
                if labelled(fragment) {
                    own += 20;
                }
                if fragment.piece.labels.contains(&Concept::Os) && !labelled(fragment) {
                    own -= 6;
                }
                found.push((own * 10 - at as i32, fragment.text.clone(), read.clone()));
            }
        } else {
            if usable.iter().any(|fragment| labelled(fragment)) {
                score += 20;
            }
            found.push((score * 10 - at as i32, text, Cow::Owned(device)));
        }
    }
    if found.is_empty() {
        // A name around a device ("Anna's iPad"), where the other rows have theirs.
        let usable = |fragment: &&Fragment<'_>| {
            !foreign(fragment)
                && !fragment.beside_address
                && fragment.piece.leaf.times.is_empty()
                && place.as_deref() != Some(fragment.text.as_str())
                && (fragment.piece.heading || labelled(fragment) || votes(&tally.device, fragment.piece) > 0)
        };
        let named = fragments.iter().filter(usable).find_map(|fragment| fragment.device.as_ref().zip(Some(fragment)));
        found.extend(named.map(|(device, fragment)| (0, fragment.text.clone(), device.clone())));
    }
    crate::order::by_key(&mut found, |(score, ..)| std::cmp::Reverse(*score));
    // A name given by the person, or a word that means no device, in the place where devices are named.
    let named = fragments.iter().find(|fragment| {
        place.as_deref() != Some(without_flag(&fragment.text).as_str())
            && labelled(fragment)
            && fragment.piece.labels.contains(&Concept::Device)
            && !fragment.piece.labels.contains(&Concept::Clients)
            && is_name(fragment)
    });
    // Words behind a device of the same column are about it.
    let earlier = |named: &Fragment<'_>| {
        let before = fragments.iter().take_while(|other| !std::ptr::eq(*other, named));
        before.into_iter().find(|other| other.device.is_some() && other.piece.labels == named.piece.labels)
    };
    let named = named.map(|named| earlier(named).unwrap_or(named));
    // What stands alone where the other rows name their devices.
    let placed = fragments.iter().find(|fragment| {
        fragment.piece.labels.is_empty()
            && fragment.range.start == 0
            && votes(&tally.device, fragment.piece) > 0
            && place.as_deref() != Some(without_flag(&fragment.text).as_str())
            && is_name(fragment)
    });
    let titled = fragments.iter().find(|fragment| {
        fragment.piece.heading
            && !fragment.beside_address
            && fragment.piece.leaf.times.is_empty()
            && fragment.piece.labels.is_empty()
            && place.as_deref() != Some(fragment.text.as_str())
    });
    // A line of its own, under no label, that names browser and system outdoes a label that may mean much.
    let plain = fragments.iter().any(|fragment| {
        (fragment.piece.labels.is_empty() || fragment.piece.labels.contains(&Concept::Device))
            && fragment
                .device
                .as_ref()
                .is_some_and(|device| device.share >= 0.8 && device.browser.is_some() && device.os.is_some())
    });
    let apart = found.iter().all(|(_, _, device)| device.browser.is_none() || device.os.is_none()) && found.len() > 1;
    // A name in a cell in which a text of its own says what the device is goes before nothing.
    let said = found.first().is_some_and(|(_, text, device)| {
        let own = named.and_then(|named| fragments.iter().position(|other| std::ptr::eq(other, named)));
        let first = fragments.iter().position(|fragment| fragment.text == *text && labelled(fragment));
        device.share >= 0.5 && first.zip(own).is_some_and(|(first, own)| first < own)
    });
    facts.row.device = match (named, titled, found.first()) {
        (Some(named), ..) if !plain && !said => Some(join_cell(fragments, named)),
        (_, Some(titled), _) if found.is_empty() || apart => Some(titled.text.clone()),
        (.., Some((_, text, _))) => Some(text.clone()),
        _ => placed.map(|placed| placed.text.clone()),
    };
    // What icons and tooltips say comes last.
    let mut forms = Vec::new();
    for piece in view.pieces.iter() {
        for (concept, form) in
            [(Concept::Tablet, Form::Tablet), (Concept::Phone, Form::Phone), (Concept::Desktop, Form::Desktop)]
        {
            if piece.leaf.marked.is(concept) && !piece.is_label {
                forms.push(form);
            }
        }
        if piece.leaf.source == Source::Name
            && !piece.is_label
            && let Some(device) = piece.leaf.device.as_ref().filter(|device| device.share >= 0.5)
        {
            found.push((-1000, String::new(), Cow::Borrowed(device)));
        }
    }
    let row = &mut facts.row;
    for (_, _, device) in &found {
        let same = |known: &Option<String>, new: &Option<String>| known.is_none() || new.is_none() || known == new;
        if !same(&row.browser, &device.browser) {
            continue;
        }
        let os_agrees =
            same(&row.os, &device.os) || row.os.as_deref() == Some("iOS") && device.os.as_deref() == Some("iPadOS");
        let fill = |slot: &mut Option<String>, value: &Option<String>| {
            if slot.is_none() {
                slot.clone_from(value);
            }
        };
        fill(&mut row.browser, &device.browser);
        fill(&mut row.browser_version, &device.browser_version);
        if os_agrees {
            fill(&mut row.os, &device.os);
            fill(&mut row.os_version, &device.os_version);
            fill(&mut row.model, &device.model);
            if row.form == Form::Unknown {
                row.form = device.form;
            }
        }
        fill(&mut row.app, &device.app);
        fill(&mut row.app_version, &device.app_version);
    }
    // An icon may tell a tablet from a telephone; what an iPhone is, is known.
    if let Some(form) = forms.first().filter(|_| !matches!(row.os.as_deref(), Some("iOS" | "iPadOS"))) {
        row.form = *form;
    }
    if row.form == Form::Unknown {
        let text = row.device.as_deref().unwrap_or_default();
        row.form = device::read(text).form;
        if row.form == Form::Unknown && row.device.is_some() {
            let marked = Lexicon::get().mark(text);
            row.form =
                [(Concept::Tablet, Form::Tablet), (Concept::Phone, Form::Phone), (Concept::Desktop, Form::Desktop)]
                    .into_iter()
                    .find(|(concept, _)| marked.has(*concept))
                    .map_or(Form::Unknown, |(_, form)| form);
        }
    }
}

/// Whether a text may be the name that a person gave a device: no fact, and no word of the page.
fn is_name(fragment: &Fragment<'_>) -> bool {
    fragment.device.is_none()
        && !fragment.beside_address
        && fragment.piece.leaf.times.is_empty()
        && !fragment.marked.is(Concept::Trusted)
        && !fragment.marked.is(Concept::Online)
        && fragment.text.chars().any(char::is_alphabetic)
}

/// All of a cell's own words, where its device is named by several pieces.
pub(super) fn join_cell(fragments: &[Fragment<'_>], named: &Fragment<'_>) -> String {
    let words: Vec<&str> = fragments
        .iter()
        .filter(|fragment| fragment.piece.block == named.piece.block && fragment.piece.labels == named.piece.labels)
        .map(|fragment| fragment.text.as_str())
        .collect();
    words.join(" ")
}

/// How much a text says of a device.
pub(super) fn weight(device: &Device) -> i32 {
    i32::from(device.browser.is_some()) * 2
        + i32::from(device.os.is_some()) * 2
        + i32::from(device.model.is_some())
        + i32::from(device.app.is_some()) * 2
        + i32::from(device.browser_version.is_some())
        + i32::from(device.os_version.is_some())
}
