//! Asking the servers for their tools, and telling the client which there are.

use bounden_base::Json;
use bounden_mcp::{Request, RpcError, Tool, ToolPage, method};
use bounden_policy::ToolName;

use super::catalogue::{Catalogue, Doubt};
use super::flight::Purpose;
use super::{Proxy, Server};

/// The pages of one server's tools that have arrived.
#[derive(Debug, Default)]
pub(super) struct Listing {
    underway: bool,
    /// The tools have changed meanwhile.
    again: bool,
    pages: usize,
    tools: Vec<Tool>,
}

/// Pages after which a server is taken to go round in circles.
const PAGE_LIMIT: usize = 1000;

impl Server {
    /// Whether the server was asked for its tools and has not answered yet.
    pub(super) fn is_listing(&self) -> bool {
        self.listing.underway
    }

    /// Why a declared tool of this server may not be called, if so.
    pub(super) fn withheld(&self, tool: &ToolName) -> Option<Doubt> {
        self.catalogue.as_ref()?.withheld.get(tool).copied()
    }
}

impl Proxy {
    /// Answers with the tools as the servers list them now.
    pub(super) async fn list(&mut self, request: Request) {
        self.flights.hold(&request.id);
        self.waiting.push(request);
        for index in 0..self.servers.len() {
            self.list_tools(index).await;
        }
    }

    /// Asks a server for all its tools; calls wait until they are compared
    /// with what was pinned.
    pub(super) async fn list_tools(&mut self, index: usize) {
        let Some(server) = self.servers.get_mut(index) else { return };
        if server.listing.underway {
            server.listing.again = true;
            return;
        }
        if !server.has_tools || server.to.is_none() {
            return self.lose_tools(index).await;
        }
        server.catalogue = None;
        server.listing = Listing { underway: true, ..Listing::default() };
        // Another lock may pin other definitions. Without an answer the old
        // pins hold, and the owner denies what they let through.
        if let Ok(surface) = self.point.surface(None).await {
            self.surface = surface;
        }
        self.ask_for_page(index, None).await;
    }

    async fn ask_for_page(&mut self, index: usize, cursor: Option<String>) {
        let params = cursor.map(|cursor| Json::object([("cursor", Json::from(cursor))]));
        if !self.ask(index, Purpose::Listing, method::TOOLS_LIST, params).await {
            self.lose_tools(index).await;
        }
    }

    /// A page has arrived.
    pub(super) async fn listed(&mut self, index: usize, outcome: Result<Json, RpcError>) {
        let page = outcome.map_err(|error| error.to_string()).and_then(|result| {
            ToolPage::from_json(result).ok_or_else(|| "its list of tools is none".to_owned())
        });
        let page = match page {
            Ok(page) => page,
            Err(why) => {
                self.say(&format!("{}: {why}; its tools are withheld", self.name(index)));
                return self.lose_tools(index).await;
            }
        };
        let Some(server) = self.servers.get_mut(index) else { return };
        server.listing.tools.extend(page.tools);
        server.listing.pages += 1;
        match page.next_cursor {
            Some(_) if server.listing.pages >= PAGE_LIMIT => {
                self.say(&format!("{}: its list of tools has no end", self.name(index)));
                self.lose_tools(index).await;
            }
            Some(cursor) => self.ask_for_page(index, Some(cursor)).await,
            None => self.compare(index).await,
        }
    }

    /// Compares what a server lists with what was pinned.
    async fn compare(&mut self, index: usize) {
        let Some(server) = self.servers.get_mut(index) else { return };
        let listing = std::mem::take(&mut server.listing);
        if listing.again {
            return Box::pin(self.list_tools(index)).await;
        }
        let catalogue = Catalogue::check(&server.name, listing.tools, &self.surface);
        for (tool, doubt) in &catalogue.withheld {
            self.say(&format!("`{tool}` is withheld: {doubt}"));
        }
        self.learn(index, catalogue).await;
    }

    /// Nothing is known of a server's tools, so none is offered.
    pub(super) async fn lose_tools(&mut self, index: usize) {
        let Some(server) = self.servers.get_mut(index) else { return };
        server.listing = Listing::default();
        let catalogue = Catalogue::unknown(&server.name, &self.surface);
        self.learn(index, catalogue).await;
    }

    async fn learn(&mut self, index: usize, catalogue: Catalogue) {
        let Some(server) = self.servers.get_mut(index) else { return };
        server.catalogue = Some(catalogue);
        if self.servers.iter().all(|server| server.catalogue.is_some()) {
            Box::pin(self.resume()).await;
        }
    }

    /// The tools that the client may see, in the order of servers and lists.
    pub(super) fn page(&self) -> Json {
        let mut tools = Vec::new();
        for server in &self.servers {
            let offered = server.catalogue.iter().flat_map(|catalogue| &catalogue.offered);
            tools.extend(offered.map(|tool| {
                let shown = self.naming.shown(&server.name, tool.name());
                tool.clone().renamed(&shown)
            }));
        }
        ToolPage::of(tools).into_json()
    }
}
