//! What the packaged data knows: addresses, operators, places. And what a damaged file may not do.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::net::IpAddr;
use std::sync::OnceLock;

use latchkey::atlas::Atlas;
use latchkey::network::{Answer, Kind, Network, section, shown};
use latchkey::packed::{Fault, HEADER, Packed, Subject, pack, renewed};
use latchkey::whereabouts;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

static NETWORK: &[u8] = include_bytes!("../static/data/network.bin");
static ATLAS: &[u8] = include_bytes!("../static/data/atlas.bin");

fn network() -> &'static Network<'static> {
    static OPENED: OnceLock<Network<'static>> = OnceLock::new();
    OPENED.get_or_init(|| Network::open(NETWORK).unwrap())
}

fn look_up(address: &str) -> Answer {
    network().look_up(address.parse().unwrap())
}

fn country(answer: &Answer) -> String {
    answer.country.map_or_else(String::new, |code| String::from_utf8_lossy(&code).into_owned())
}

#[test]
fn known_addresses_are_known() {
    for (address, asn, land, kind) in [
        ("8.8.8.8", 15169, "US", Kind::Hosting),
        ("2001:4860:4860::8888", 15169, "US", Kind::Hosting),
        ("3.5.140.1", 16509, "KR", Kind::Hosting),
        ("81.84.17.203", 2860, "PT", Kind::FixedOrUnknown),
        ("185.220.101.1", 60729, "DE", Kind::Tor),
        ("193.138.218.1", 39351, "SE", Kind::Vpn),
        ("104.28.30.1", 13335, "US", Kind::Relay),
        ("2a02:26f7:ff00::1", 20940, "US", Kind::Relay),
        ("172.58.1.1", 21928, "US", Kind::Mobile),
        ("98.97.16.1", 14593, "US", Kind::Satellite),
        ("165.225.0.1", 22616, "US", Kind::EnterpriseGateway),
    ] {
        let answer = look_up(address);
        assert_eq!((answer.asn, answer.kind), (Some(asn), kind), "{address}");
        if !matches!(kind, Kind::Satellite | Kind::EnterpriseGateway | Kind::Relay) {
            assert_eq!(country(&answer), land, "{address}");
        }
    }
    assert_eq!(network().operator(15169).as_deref(), Some("Google"));
    assert_eq!(network().operator(4_294_967_295), None);
}

#[test]
fn an_answer_names_its_lists_and_its_date() {
    let answer = look_up("185.220.101.1");
    assert!(network().lists(&answer).any(|list| list.kind == Kind::Tor && list.date.starts_with("20")));
    assert_eq!(answer.date, network().date());
    assert!(network().sources().iter().all(|source| !source.attribution.is_empty() && !source.licence.is_empty()));
    assert!(network().sources().iter().any(|source| source.link == "https://db-ip.com"));
}

#[test]
fn addresses_set_apart_are_nobodys() {
    for (address, kind) in [
        ("10.0.0.1", Kind::Private),
        ("100.64.0.1", Kind::Private),
        ("127.0.0.1", Kind::Private),
        ("fe80::1", Kind::Private),
        ("fd00::1", Kind::Private),
        ("::1", Kind::Private),
        ("64:ff9b:1::1", Kind::Private),
        ("::ffff:192.168.1.1", Kind::Private),
        ("0.0.0.0", Kind::Reserved),
        ("203.0.113.9", Kind::Reserved),
        ("224.0.0.1", Kind::Reserved),
        ("255.255.255.255", Kind::Reserved),
        ("2001:db8::1", Kind::Reserved),
        ("2001:2::1", Kind::Reserved),
        ("3fff::1", Kind::Reserved),
        ("4000::1", Kind::Reserved),
        ("ff02::1", Kind::Reserved),
        ("::", Kind::Reserved),
    ] {
        let answer = look_up(address);
        assert_eq!((answer.kind, answer.asn, answer.country), (kind, None, None), "{address}");
    }
}

#[test]
fn an_address_that_carries_another_is_that_one() {
    let plain = look_up("81.84.17.203");
    let teredo = "2001:0:4136:e378:8000:63bf:aeab:ee34";
    for address in ["::ffff:81.84.17.203", "64:ff9b::81.84.17.203", "2002:5154:11cb::1", teredo] {
        assert_eq!(look_up(address), plain, "{address}");
    }
}

#[test]
fn of_a_masked_address_only_what_is_certain_is_said() {
    let ask = |masked: &str| {
        let (address, bits) = shown(masked).unwrap();
        network().look_up_prefix(address, bits)
    };
    assert_eq!(country(&ask("124.236.xx.xx")), "CN");
    assert_eq!(ask("8.8.8.*"), look_up("8.8.8.8"));
    assert_eq!(ask("192.168.*.*").kind, Kind::Private);
    let wide = ask("81.*.*.*");
    assert_eq!((wide.country, wide.asn, wide.kind), (None, None, Kind::FixedOrUnknown));
    // A network in which some addresses are a relay's is not one.
    assert_eq!(ask("104.*.*.*").kind, Kind::FixedOrUnknown);
    assert_eq!(ask("104.28.*.*").kind, Kind::Relay);
    assert_eq!(ask("2606:4700:4700:****::1").asn, Some(13335));
    assert_eq!(shown("*.8.8.8"), None);
    assert_eq!(shown("8.8.1**.8"), Some(("8.8.0.0".parse().unwrap(), 16)));
    assert_eq!(shown("8.8.x.8"), Some(("8.8.0.0".parse().unwrap(), 16)));
    assert_eq!(shown("2001:db8:****:****::1"), Some(("2001:db8::".parse().unwrap(), 32)));
    assert_eq!(shown("no.address"), None);
}

#[test]
fn no_network_that_people_go_online_from_is_a_data_centre() {
    let mut count = 0;
    for line in include_str!("eyeballs.txt").lines().filter(|line| !line.starts_with('#')) {
        let asn: u32 = line.split(' ').next().unwrap().parse().unwrap();
        let kind = network().operator_kind(asn);
        assert!(matches!(kind, Kind::FixedOrUnknown | Kind::Mobile | Kind::Satellite), "{line} is {kind:?}");
        count += 1;
    }
    assert!(count >= 100);
}

#[test]
fn a_damaged_file_is_refused_and_never_misread() {
    for (file, subject) in [(NETWORK, Subject::Network), (ATLAS, Subject::Atlas)] {
        let is_refused = |bytes: &[u8]| match subject {
            Subject::Network => Network::open(bytes).is_err(),
            Subject::Atlas => Atlas::open(bytes).is_err(),
        };
        for length in [0, 8, HEADER, 100, file.len() / 2, file.len() - 1] {
            assert!(is_refused(&file[..length]), "cut to {length}");
        }
        for at in [0, 9, 20, 60, file.len() / 3, file.len() - 1] {
            let mut altered = file.to_vec();
            altered[at] ^= 1;
            assert!(is_refused(&altered), "altered at {at}");
        }
        let other = if subject == Subject::Network { ATLAS } else { NETWORK };
        assert!(is_refused(other));
    }
    assert_eq!(renewed(NETWORK, Subject::Network, network().date()).unwrap_err(), Fault::NotNewer);
}

#[test]
fn nonsense_under_a_right_hash_is_refused_too() {
    for (file, at) in [(NETWORK, 3000), (NETWORK, 1_000_000), (ATLAS, 5000), (ATLAS, 500_000)] {
        let mut altered = file.to_vec();
        altered[at..at + 64].fill(0x5a);
        let hash = Sha256::digest(&altered[HEADER..]);
        altered[16..HEADER].copy_from_slice(&hash);
        // Whatever comes of it: no panic, no endless loop, no more memory than the file says.
        let address: IpAddr = "8.8.8.8".parse().unwrap();
        let _ = Network::open(&altered).map(|network| network.look_up(address));
        let _ = Atlas::open(&altered).map(|atlas| atlas.locate("Paris", Some(*b"FR"), None));
    }
}

#[test]
fn the_files_are_those_that_their_list_names() {
    for line in include_str!("../static/data/SHA256SUMS").lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        let file = if name == "network.bin" { NETWORK } else { ATLAS };
        let found: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, hash, "{name}");
    }
}

#[test]
fn places_are_found_however_they_are_written() {
    let atlas = Atlas::open(ATLAS).unwrap();
    let texts = include_str!("places.tsv").lines().chain(include_str!("places-more.tsv").lines());
    let mut wrong = Vec::new();
    for line in texts.filter(|line| !line.starts_with('#')) {
        let [text, country, city] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = whereabouts::read(&atlas, text, 0);
        let said = found.as_ref().map(|it| (String::from_utf8_lossy(&it.country).into_owned(), it.city.clone()));
        let expected = Some((country.to_owned(), Some(city.to_owned()).filter(|city| city != "-")));
        if said != expected {
            wrong.push(format!("{text}: {said:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

proptest! {
    #[test]
    fn any_words_are_located_or_not(
        words in "\\PC{0,40}|[ก-๛]{0,12}|[अ-ह्]{0,12}|[ء-ي]{0,12}|[ァ-ー]{0,12}|[가-힣]{0,8}|[一-龥]{0,8}",
        country in 0..6_usize,
    ) {
        static OPENED: OnceLock<Atlas<'static>> = OnceLock::new();
        let atlas = OPENED.get_or_init(|| Atlas::open(ATLAS).unwrap());
        let codes = [*b"US", *b"DE", *b"BR", *b"TH", *b"NR", *b"ZZ"];
        let country = codes[country];
        if let Some(found) = atlas.locate(&words, Some(country), None) {
            prop_assert_eq!(found.country, country);
            prop_assert!(found.area.radius.0.is_finite() && found.area.latitude.abs() <= 90.0);
        }
    }
}

#[test]
fn of_damaged_runs_of_ipv6_nothing_is_known_and_ipv4_stays() {
    let whole = Packed::open(NETWORK, Subject::Network).unwrap();
    let sections: Vec<Vec<u8>> = (0..=section::TABLE_V6).map(|index| whole.section(index).unwrap().to_vec()).collect();
    for damage in
        [|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2), Vec::clear, |bytes: &mut Vec<u8>| bytes[1] ^= 1]
    {
        let mut sections = sections.clone();
        damage(&mut sections[section::TABLE_V6]);
        let file = pack(Subject::Network, whole.date(), &sections);
        let network = Network::open(&file).unwrap();
        let unknown = network.look_up("2001:4860:4860::8888".parse().unwrap());
        assert_eq!((unknown.asn, unknown.country, unknown.kind), (None, None, Kind::FixedOrUnknown));
        assert_eq!(network.look_up("8.8.8.8".parse().unwrap()).asn, Some(15169));
    }
}

#[test]
fn where_nothing_names_a_country_there_is_no_place() {
    let atlas = Atlas::open(ATLAS).unwrap();
    for text in ["Unknown", "N/A", "", "Springfield", "São Paulo", "Deutsche Telekom AG", "Chrome OS", "Session ID"] {
        assert_eq!(whereabouts::read(&atlas, text, 0), None, "{text}");
    }
}

#[test]
fn a_city_is_never_taken_from_outside_the_country() {
    let atlas = Atlas::open(ATLAS).unwrap();
    for (words, country) in [("Paris", *b"JP"), ("Tokyo", *b"FR"), ("Mumbai", *b"BR"), ("Virginia", *b"GB")] {
        let found = atlas.locate(words, Some(country), None).unwrap();
        assert_eq!((found.city, found.country), (None, country), "{words}");
    }
    assert_eq!(atlas.locate("Tokyo", None, None), None);
}

#[test]
fn one_name_of_several_places_says_so_in_its_radius() {
    let atlas = Atlas::open(ATLAS).unwrap();
    let radius = |words: &str| atlas.locate(words, Some(*b"US"), None).unwrap().area.radius.0;
    assert!(radius("Springfield") > 1000.0);
    assert!(radius("Springfield, Illinois") < 50.0);
    assert!(radius("Chicago") < 50.0);
    assert!(radius("Nothing that is a place") > 1000.0);
}

#[test]
fn places_are_as_far_apart_as_they_are_at_least() {
    let atlas = Atlas::open(ATLAS).unwrap();
    let area = |words: &str, country: &[u8; 2]| atlas.locate(words, Some(*country), None).unwrap().area;
    let (london, new_york, paris) = (area("London", b"GB"), area("New York", b"US"), area("Paris", b"FR"));
    assert!((5540.0..5600.0).contains(&london.distance(&new_york).0));
    assert!(london.apart(&paris).0 < london.distance(&paris).0);
    assert_eq!(london.apart(&area("", b"GB")).0, 0.0);
    let fiji = latchkey::atlas::Area { latitude: -17.0, longitude: 179.9, ..Default::default() };
    let samoa = latchkey::atlas::Area { latitude: -17.0, longitude: -179.9, ..Default::default() };
    assert!(fiji.distance(&samoa).0 < 25.0);
}

#[test]
fn whatever_stands_there_is_read_to_an_end() {
    let atlas = Atlas::open(ATLAS).unwrap();
    for text in [
        "",
        ",,,,",
        "a".repeat(20_000).as_str(),
        "上".repeat(5_000).as_str(),
        "x y ".repeat(5_000).as_str(),
        "\u{1f1fa}",
    ] {
        let _ = atlas.locate(text, Some(*b"US"), Some("ZZ"));
        let _ = atlas.locate(text, None, Some("ZZ"));
    }
}
