//! static/data/NOTICE: what the licences of the data want said.

use anyhow::Result;

use crate::sources::Sources;

/// The text.
pub fn text(sources: &Sources) -> Result<String> {
    let mut text = String::from(
        "The data in network.bin and atlas.bin comes from these sources. It was merged, selected and re-encoded; operators'\n\
         names were shortened, coordinates rounded. Latchkey's own licence does not cover it: network.bin as a whole is under\n\
         CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/), atlas.bin under CC BY 4.0\n\
         (https://creativecommons.org/licenses/by/4.0/), but for the names in it that come from Evolution: they are used under\n\
         LGPL-2.0, the text of which stands below, and lie as they were taken, with what makes atlas.bin of them, in xtask/data\n\
         of Latchkey's source.\n",
    );
    for source in sources.all() {
        text += &format!("\n{}, {}", source.name, source.version);
        if !source.date.is_empty() {
            text += &format!(" of {}", source.date);
        }
        text += &format!("\n{}\n{}\n", source.licence, source.attribution);
    }
    for (id, file, title) in [
        ("cldr-dates", "package/LICENSE", "Unicode CLDR"),
        ("regions", "package/LICENSE", "iso3166-2-db; the same, © 2016 mozillazg, for pinyin"),
    ] {
        text += &format!("\n---- {title} ----\n\n{}", sources.text(id, file)?.replace("\r\n", "\n"));
    }
    text += &format!("\n---- Evolution ----\n\n{}", include_str!("../LGPL-2.0.txt"));
    Ok(text)
}
