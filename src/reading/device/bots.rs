//! Robots and scripts, told by their names and by the addresses of their keepers.

/// Parts of the names of robots and scripts, in lower case.
const BOTS: &[&str] = &[
    "crawl",
    "spider",
    "slurp",
    "scrap",
    "archiver",
    "headless",
    "phantomjs",
    "selenium",
    "puppeteer",
    "playwright",
    "cypress",
    "lighthouse",
    "curl/",
    "wget",
    "python",
    "aiohttp",
    "httpx/",
    "http-client",
    "httpclient",
    "okhttp",
    "libwww",
    "lwp::",
    "lwp-",
    "axios",
    "node-fetch",
    "undici",
    "guzzle",
    "ccxt",
    "httpie",
    "postmanruntime",
    "insomnia/",
    "scrapy",
    "java/",
    "ruby",
    "perl/",
    "got (",
    "go-resty",
    "reqwest",
    "hyper/",
    "restsharp",
    "winhttp",
    "powershell",
    "dart/",
    "php/",
    "ktor",
    "unirest",
    "heritrix",
    "nutch",
    "externalhit",
    "mediapartners",
    "feedfetcher",
    "feedburner",
    "feedly",
    "apis-google",
    "google-read-aloud",
    "googleother",
    "google-inspection",
    "google favicon",
    "ia_archiver",
    "bingpreview",
    "pingdom",
    "uptime",
    "gtmetrix",
    "ptst/",
    "validator",
    "checker",
    "monitoring",
    "skypeuripreview",
    "whatsapp/",
    "facebookcatalog",
    "newrelic",
    "datadog",
    "nmap",
    "zgrab",
    "masscan",
    "nuclei",
    "nikto",
    "sqlmap",
    "scanner",
    "site24x7",
    "statuscake",
    "jigsaw",
    "fetcher",
    "linkcheck",
    "httrack",
    "httpunit",
    "http_get",
    "ahc/",
    "jersey/",
    "jetty/",
    "zabbix",
    "nagios",
    "acunetix",
    "colly",
    "wordpress/",
    "meta-external",
    "cloudfront",
];

/// Whether a text in lower case names a robot or a script.
pub fn is_bot(text: &str) -> bool {
    // "bot" ends a robot's name or stands before its owner's; Cubot makes telephones.
    let named = text.match_indices("bot").any(|(at, _)| {
        let after = text[at + 3..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric()) && !text[..at].ends_with("cu")
    });
    named
        || text.contains("+http")
        || BOTS.iter().any(|name| text.contains(name))
        || matches!(text.trim(), "curl" | "postman" | "java" | "perl" | "python")
}

/// Whether a text in lower case gives the address of a robot's keeper.
pub fn is_kept(text: &str) -> bool {
    let letter = text.split_once('@').is_some_and(|(name, host)| {
        name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && host.starts_with(|c: char| c.is_ascii_alphabetic())
            && host.split(' ').next().is_some_and(|host| host.contains('.'))
    });
    letter || ["http://", "https://", "www.", "(+"].iter().any(|word| text.contains(word))
}
