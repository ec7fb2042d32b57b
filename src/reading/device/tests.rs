use super::*;

fn facts(text: &str) -> [Option<String>; 7] {
    let device = read(text);
    [device.browser, device.browser_version, device.os, device.os_version, device.app, device.app_version, device.model]
}

fn check(text: &str, expected: [&str; 7]) {
    let expected = expected.map(|fact| (!fact.is_empty()).then(|| fact.to_owned()));
    assert_eq!(facts(text), expected, "{text}");
}

#[test]
fn the_styles_of_known_pages_are_read() {
    check("Chrome 126 on macOS 14.5", ["Chrome", "126", "macOS", "14.5", "", "", ""]);
    check("Chrome V126.0.0.0 (Windows)", ["Chrome", "126.0.0.0", "Windows", "", "", "", ""]);
    check("Chrome V126.0.6478.127 (Windows 10)", ["Chrome", "126.0.6478.127", "Windows", "10", "", "", ""]);
    check("Google Chrome - 126 (Windows)", ["Chrome", "126", "Windows", "", "", "", ""]);
    check("macOS - Chrome", ["Chrome", "", "macOS", "", "", "", ""]);
    check("Windows 10 / Chrome/126.0.0", ["Chrome", "126.0.0", "Windows", "10", "", "", ""]);
    check("Chrome 79 Windows 10", ["Chrome", "79", "Windows", "10", "", "", ""]);
    check("Linux/Chrome", ["Chrome", "", "Linux", "", "", "", ""]);
    check("iPhone 15 Pro · iOS 17.4", ["", "", "iOS", "17.4", "", "", "iPhone 15 Pro"]);
    check("Chrome 124 on macOS Sonoma", ["Chrome", "124", "macOS", "14", "", "", ""]);
    check("Firefox V125.0.3 (Ubuntu)", ["Firefox", "125.0.3", "Linux", "", "", "", ""]);
    check("Firefox 125 sur Ubuntu 22.04", ["Firefox", "125", "Linux", "22.04", "", "", ""]);
    check("Opera V109.0.5097.68 (Mac OS X 14.4)", ["Opera", "109.0.5097.68", "macOS", "14.4", "", "", ""]);
    check("QQ浏览器 12.4 · Windows 10", ["QQ Browser", "12.4", "Windows", "10", "", "", ""]);
    check("Яндекс Браузер на Windows", ["Yandex Browser", "", "Windows", "", "", "", ""]);
    check("Windows पर Chrome", ["Chrome", "", "Windows", "", "", "", ""]);
}

#[test]
fn the_exchanges_own_apps_are_told() {
    check(
        "Binance App V2.81.3 (iPhone 15 Pro · iOS 17.4)",
        ["", "", "iOS", "17.4", "Binance App", "2.81.3", "iPhone 15 Pro"],
    );
    check("KuCoin App 3.112.0 · iPhone 14", ["", "", "iOS", "", "KuCoin App", "3.112.0", "iPhone 14"]);
    check("Android / 업비트 앱 1.27.3", ["", "", "Android", "", "업비트 앱", "1.27.3", ""]);
    check("Nimbus Web 2.1.0، Windows 10", ["", "", "Windows", "10", "Nimbus Web", "2.1.0", ""]);
    check("Nimbus iOS: iPhone 13", ["", "", "iOS", "", "Nimbus iOS", "", "iPhone 13"]);
    check(
        "Bitget App 2.44.1 · Android 14 · Xiaomi 13T",
        ["", "", "Android", "14", "Bitget App", "2.44.1", "Xiaomi 13T"],
    );
}

#[test]
fn models_are_told() {
    check("Safari 17.4 sur iPhone 13 mini", ["Safari", "17.4", "iOS", "", "", "", "iPhone 13 mini"]);
    check("Pixel 8 (Android 14)", ["", "", "Android", "14", "", "", "Pixel 8"]);
    check("Android · SM-S918B · 14", ["", "", "Android", "14", "", "", "SM-S918B"]);
    check("Samsung Galaxy S23", ["", "", "Android", "", "", "", "Samsung Galaxy S23"]);
    check("Safari V17.2 (iPhone)", ["Safari", "17.2", "iOS", "", "", "", ""]);
    check("MacBook Air · Safari 16.6", ["Safari", "16.6", "macOS", "", "", "", "MacBook Air"]);
    check("Safari 17.4 on iPad Air", ["Safari", "17.4", "iPadOS", "", "", "", "iPad Air"]);
}

#[test]
fn forms_follow_words_models_and_systems() {
    assert_eq!(read("Chrome Mobile 122.0 (Android 12)").form, Form::Phone);
    assert_eq!(read("Desktop – Chrome unter Windows").form, Form::Desktop);
    assert_eq!(read("Mobiltelefon – Chrome unter Android 13").form, Form::Phone);
    assert_eq!(read("Tablet – Safari unter iPadOS 17").form, Form::Tablet);
    assert_eq!(read("Chrome 120 · Android 12").form, Form::Unknown);
    assert_eq!(read("Pixel 8 (Android 14)").form, Form::Phone);
}

#[test]
fn a_sentence_is_hardly_a_device() {
    assert!(read("Active sessions show the device, such as Chrome on Windows 10, and the last activity").share < 0.5);
    assert!(read("Chrome 126 on Windows 10").share > 0.9);
    assert!(!read("work laptop of mine").is_some());
}

#[test]
fn versions_and_models_are_taken_as_they_are_meant() {
    check("Mac OS X 10_15_7", ["", "", "macOS", "10.15.7", "", "", ""]);
    check("macOS Sequoia 15.1", ["", "", "macOS", "15.1", "", "", ""]);
    check("iOS App 3.2.1 (iPhone15,2)", ["", "", "iOS", "", "", "", "iPhone15,2"]);
    check("Binance iOS 2.88.0", ["", "", "iOS", "", "Binance iOS", "2.88.0", ""]);
    check("Handy Android 14", ["", "", "Android", "14", "", "", ""]);
    check("\"Chromium\";v=\"126\", \"Google Chrome\";v=\"126\"", ["Chrome", "126", "", "", "", "", ""]);
}

#[test]
fn an_app_without_a_name_of_its_own_is_called_as_printed() {
    let device = read("App Android 4.2");
    assert_eq!((device.app.as_deref(), device.app_version.as_deref()), (Some("App Android"), Some("4.2")));
    assert_eq!((device.os.as_deref(), device.os_version.as_deref()), (Some("Android"), None));
}

#[test]
fn a_telephone_named_like_a_language_of_scripts_is_no_script() {
    assert!(
        !read("Mozilla/5.0 (Linux; Android 8.1.0; Perla) AppleWebKit/537.36 Chrome/83.0.4103.106 Mobile Safari/537.36")
            .bot
    );
}
