//! A device, a place and the line between them: what an exchange knows of a session.

use serde::{Deserialize, Serialize};

/// A browser or app on a machine. A field that is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// A text that is printed as it is, whatever the skin.
    pub text: Option<String>,
    /// "Chrome".
    pub browser: String,
    /// The browser's full version, "126.0.0.0".
    pub version: String,
    /// "Windows", "macOS", "Ubuntu", "iOS".
    pub os: String,
    /// The system's version as exchanges print it, "10".
    pub os_version: String,
    /// "iPhone 15 Pro".
    pub model: String,
    /// The version of the exchange's own app, where it is that and not a browser.
    pub app: String,
    /// What kind of machine it is.
    pub form: Form,
}

/// What kind of machine a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A desktop or laptop computer.
    #[default]
    Desktop,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
}

/// A city in a country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// "Lisbon".
    pub city: String,
    /// "Portugal".
    pub country: String,
    /// ISO 3166-1 alpha-2, for pages in other languages: "PT".
    pub code: String,
}

/// Where a session comes from: its address, its place and the network's operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// An IPv4 or IPv6 address as the exchange prints it.
    pub address: String,
    /// Where the exchange believes that address to be.
    pub place: Place,
    /// The network's operator.
    pub isp: String,
}

impl Device {
    /// A device that every skin prints as this very text.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// A browser on a desktop machine.
    #[must_use]
    pub fn desktop(browser: &str, version: &str, os: &str, os_version: &str) -> Self {
        Self {
            browser: browser.into(),
            version: version.into(),
            os: os.into(),
            os_version: os_version.into(),
            ..Self::default()
        }
    }

    /// The exchange's own app on a phone; skins that know only web sessions print the phone's browser.
    #[must_use]
    pub fn phone_app(model: &str, os: &str, os_version: &str, app: &str) -> Self {
        let (browser, version) = if os == "iOS" { ("Safari", os_version) } else { ("Chrome", "124.0.0.0") };
        Self {
            model: model.into(),
            app: app.into(),
            form: Form::Phone,
            ..Self::desktop(browser, version, os, os_version)
        }
    }

    /// What a `User-Agent` header tells; a header that says nothing known is "Unknown browser" on "Unknown".
    #[must_use]
    pub fn from_user_agent(header: &str) -> Self {
        // The order matters: an Edge header also says Chrome, and a Chrome header also says Safari.
        const BROWSERS: [(&str, &str); 8] = [
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("FxiOS/", "Firefox"),
            ("Firefox/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Version/", "Safari"),
        ];
        let (browser, version) = BROWSERS
            .iter()
            .find_map(|(mark, name)| Some((*name, number_after(header, mark)?)))
            .unwrap_or(("Unknown browser", String::new()));
        let (os, os_version, form) = system(header);
        let model = if header.contains("iPhone") { "iPhone".to_owned() } else { String::new() };
        Self { form, model, ..Self::desktop(browser, &version, os, &os_version) }
    }

    /// The same browser as it was some versions ago, for a history that grows with time.
    #[must_use]
    pub(crate) fn aged(&self, versions: u32) -> Self {
        let mut parts: Vec<String> = self.version.split('.').map(str::to_owned).collect();
        if let Some(major) = parts.first_mut()
            && let Ok(number) = major.parse::<u32>()
        {
            *major = number.saturating_sub(versions).max(1).to_string();
        }
        Self { version: parts.join("."), ..self.clone() }
    }
}

impl Form {
    /// The English word of it.
    pub(crate) fn english(self) -> &'static str {
        match self {
            Self::Desktop => "Desktop",
            Self::Phone => "Mobile phone",
            Self::Tablet => "Tablet",
        }
    }

    /// The German word of it.
    pub(crate) fn german(self) -> &'static str {
        match self {
            Self::Desktop => "Desktop",
            Self::Phone => "Mobiltelefon",
            Self::Tablet => "Tablet",
        }
    }
}

impl Place {
    /// A city in a country, with the country's two-letter code.
    #[must_use]
    pub fn new(city: &str, country: &str, code: &str) -> Self {
        Self { city: city.into(), country: country.into(), code: code.into() }
    }
}

impl Line {
    /// An address at a place, and who runs the network.
    #[must_use]
    pub fn new(address: &str, place: Place, isp: &str) -> Self {
        Self { address: address.into(), place, isp: isp.into() }
    }
}

/// The system that a `User-Agent` header names, its version, and the kind of machine.
fn system(header: &str) -> (&'static str, String, Form) {
    let dotted = |mark: &str| number_after(&header.replace('_', "."), mark).unwrap_or_default();
    if header.contains("iPad") {
        ("iPadOS", dotted("CPU OS "), Form::Tablet)
    } else if header.contains("iPhone") {
        ("iOS", dotted("iPhone OS "), Form::Phone)
    } else if header.contains("Android") {
        let form = if header.contains("Mobile") { Form::Phone } else { Form::Tablet };
        ("Android", dotted("Android "), form)
    } else if header.contains("Windows NT") {
        ("Windows", if header.contains("NT 10.0") { "10".into() } else { String::new() }, Form::Desktop)
    } else if header.contains("Mac OS X") {
        ("macOS", dotted("Mac OS X "), Form::Desktop)
    } else if header.contains("Ubuntu") {
        ("Ubuntu", String::new(), Form::Desktop)
    } else if header.contains("Linux") {
        ("Linux", String::new(), Form::Desktop)
    } else {
        ("Unknown", String::new(), Form::Desktop)
    }
}

/// The digits and dots that follow a mark.
fn number_after(text: &str, mark: &str) -> Option<String> {
    let rest = text.split_once(mark)?.1;
    let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    (!number.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str) -> (String, String, String, String) {
        let Device { browser, version, os, os_version, .. } = Device::from_user_agent(header);
        (browser, version, os, os_version)
    }

    #[test]
    fn a_header_names_its_browser_and_system() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
                ("Firefox", "125.0", "Ubuntu", ""),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
                ("Chrome", "156.0.0.0", "Linux", ""),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/123.0.0.0 Safari/537.36 Edg/123.0.2420.97",
                ("Edge", "123.0.2420.97", "Windows", "10"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1",
                ("Safari", "17.4", "iOS", "17.4"),
            ),
            ("curl/8.5.0", ("Unknown browser", "", "Unknown", "")),
        ];
        for (header, (browser, version, os, os_version)) in cases {
            assert_eq!(told(header), (browser.into(), version.into(), os.into(), os_version.into()), "{header}");
        }
    }

    #[test]
    fn an_older_version_keeps_its_shape() {
        assert_eq!(Device::desktop("Chrome", "156.0.0.0", "Linux", "").aged(2).version, "154.0.0.0");
        assert_eq!(Device::desktop("Safari", "", "macOS", "").aged(2).version, "");
        assert_eq!(Device::desktop("Chrome", "1.0", "Linux", "").aged(9).version, "1.0");
    }
}
