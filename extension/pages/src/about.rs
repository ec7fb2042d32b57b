//! What Latchkey is, and what it knows: the packaged data with its dates and sources, and a newer file in its place.

use chrono::NaiveTime;
use js_sys::Uint8Array;
use latchkey::explain::Message;
use latchkey::packed::{Fault, Packed, Subject};
use latchkey::view::Tone;
use latchkey_browser::data::{self, ImportError};
use latchkey_browser::{runtime, words};
use leptos::ev::{Event, Targeted};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::icon::Icon;

/// The page's state.
#[derive(Clone, Copy)]
pub struct About {
    files: RwSignal<Vec<DataFile>>,
    /// What came of the last import.
    outcome: RwSignal<Option<(Tone, Message)>>,
    notice: StoredValue<String>,
}

/// A data file that is in use.
#[derive(Clone, PartialEq)]
struct DataFile {
    subject: Subject,
    /// The day of its newest source.
    date: String,
    imported: bool,
    /// Why an imported file is not in use.
    fault: Option<Fault>,
    sources: Vec<Source>,
}

/// Where data came from.
#[derive(Clone, PartialEq)]
struct Source {
    name: String,
    /// Its version, date and licence.
    version: String,
    /// In the words that the licence wants, which are not translated.
    attribution: String,
    link: String,
}

impl About {
    /// Looks at the files.
    pub async fn open() -> Self {
        Self {
            files: RwSignal::new(files().await),
            outcome: RwSignal::new(None),
            notice: StoredValue::new(data::notice().await.unwrap_or_default()),
        }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let version = words::render(&Message::new("about_version").with_text(runtime::version()));
        let list = move || self.files.get().into_iter().map(|file| self.file(file)).collect_view();
        view! {
            <header class="intro">
                <p class="brand"><span class="mark">{Icon::Key.draw()}</span>{words::text("extension_name")}</p>
                <h1>{words::text("about_title")}</h1>
                <p class="hint">{version}</p>
                <p>{words::text("extension_description")}</p>
                <p class="privacy">{Icon::Lock.draw()}<span>{words::text("welcome_privacy")}</span></p>
            </header>
            <main class="choice">
                <h2>{words::text("about_data")}</h2>
                <p class="hint">{words::text("about_data_hint")}</p>
                {list}
                {self.import()}
                <section class="part">
                    <h2>{words::text("about_licence")}</h2>
                    <p class="hint">{words::text("about_licence_hint")}</p>
                    <details>
                        <summary>{words::text("about_notice")}</summary>
                        <pre class="preview" dir="ltr" lang="en" tabindex="0" role="region" aria-label=words::text("about_notice")>
                            {self.notice.get_value()}
                        </pre>
                    </details>
                </section>
                <p class="small">{words::text("welcome_affiliation")}</p>
            </main>
        }
        .into_any()
    }

    fn file(self, file: DataFile) -> AnyView {
        let DataFile { subject, date, imported, fault, sources } = file;
        let (id, title) = match subject {
            Subject::Network => ("network", "about_network"),
            Subject::Atlas => ("atlas", "about_atlas"),
        };
        let origin = if imported { "about_imported" } else { "about_packaged" };
        let fault = fault.map(|fault| line(Tone::Check, &refusal(fault)));
        let sources = sources.into_iter().map(source).collect_view();
        view! {
            <section class="part" aria-labelledby=id>
                <h3 id=id>{words::text(title)}</h3>
                <p>{words::render(&Message::new(origin).with_text(date))}</p>
                {fault}
                <ul class="sources">{sources}</ul>
            </section>
        }
        .into_any()
    }

    fn import(self) -> AnyView {
        let said = move || self.outcome.get().map(|(tone, message)| line(tone, &message));
        view! {
            <section class="part">
                <h2><label for="file">{words::text("import_title")}</label></h2>
                <p class="hint" id="file-hint">{words::text("import_hint")}</p>
                <input
                    id="file"
                    type="file"
                    accept=".bin"
                    aria-describedby="file-hint"
                    on:change:target=move |change| self.take(change)
                />
                <div role="status" id="imported">{said}</div>
            </section>
        }
        .into_any()
    }

    fn take(self, change: Targeted<Event, HtmlInputElement>) {
        let input = change.target();
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        self.outcome.set(None);
        spawn_local(async move {
            let outcome = match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => imported(&Uint8Array::new(&buffer).to_vec()).await,
                Err(_) => Err(Message::new("import_unread")),
            };
            // The same file can be chosen again.
            input.set_value("");
            self.files.set(files().await);
            self.outcome.set(Some(match outcome {
                Ok(message) => (Tone::Good, message),
                Err(message) => (Tone::Check, message),
            }));
        });
    }
}

/// Imports a file; what to say of it.
async fn imported(file: &[u8]) -> Result<Message, Message> {
    match data::import(file).await {
        Ok(subject) => {
            runtime::tell_data_changed().await;
            Ok(Message::new(match subject {
                Subject::Network => "import_done_network",
                Subject::Atlas => "import_done_atlas",
            }))
        }
        Err(ImportError::Fault(fault)) => Err(refusal(fault)),
        Err(ImportError::Browser(_)) => Err(Message::new("import_not_kept")),
    }
}

fn refusal(fault: Fault) -> Message {
    Message::new(match fault {
        Fault::Foreign | Fault::Subject => "import_foreign",
        Fault::Version => "import_version",
        Fault::Damaged | Fault::Unsigned => "import_damaged",
        Fault::Forged => "import_forged",
        Fault::Unchecked => "import_unchecked",
        Fault::NotNewer => "import_not_newer",
    })
}

async fn files() -> Vec<DataFile> {
    let mut files = Vec::new();
    for subject in [Subject::Network, Subject::Atlas] {
        let Ok(file) = data::in_use(subject).await else { continue };
        let Ok(packed) = Packed::open(&file.bytes, subject) else { continue };
        let sources = packed.sources().into_iter().map(|source| {
            let mut version = source.version.to_owned();
            for part in [source.date, source.licence].into_iter().filter(|part| !part.is_empty()) {
                version.push_str(" · ");
                version.push_str(part);
            }
            Source {
                name: source.name.to_owned(),
                version,
                attribution: source.attribution.to_owned(),
                link: source.link.to_owned(),
            }
        });
        files.push(DataFile {
            subject,
            date: words::date(packed.date().and_time(NaiveTime::MIN).and_utc()),
            imported: file.imported,
            fault: file.fault,
            sources: sources.collect(),
        });
    }
    files
}

fn source(source: Source) -> AnyView {
    let Source { name, version, attribution, link } = source;
    // Without an address it is no link.
    let link = (!link.is_empty()).then_some(link);
    view! {
        <li lang="en" dir="ltr">
            <a href=link target="_blank" rel="noreferrer">{name}</a>
            <p class="small">{version}</p>
            <p class="small">{attribution}</p>
        </li>
    }
    .into_any()
}

fn line(tone: Tone, message: &Message) -> AnyView {
    let class = if tone == Tone::Good { "said tone-good" } else { "said tone-check" };
    view! { <p class=class>{Icon::of(tone).draw()}<span>{words::render(message)}</span></p> }.into_any()
}
