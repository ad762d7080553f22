//! How the arguments of one tool are read: its schema, and the places that are wanted, in one.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

use bounden_base::Decimal;

use super::names::Names;
use super::places::Places;
use crate::schema::{
    ArrayPart, Node as Part, NumberPart, ObjectPart, Schema, StringPart, Type, Types,
};

/// Every kind of value that stands anywhere in the arguments.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    nodes: Vec<Node>,
}

/// The place of a node in [`Plan`].
pub(super) type NodeId = usize;

/// What one value has to be, and whether it is wanted. Most have a type and
/// nothing else, so that a whole plan stays in the processor's cache.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) slot: Option<u8>,
    pub(super) types: Option<Types>,
    /// What is asked cannot be checked without reading the value in full.
    pub(super) is_unclear: bool,
    /// Whether there are other nodes that the same value has to fit.
    pub(super) is_combined: bool,
    /// Whether any text fits and is not wanted, as most are.
    pub(super) takes_any_text: bool,
    pub(super) more: Option<Box<More>>,
}

/// What else a value has to be.
#[derive(Clone, Debug, Default)]
pub(super) struct More {
    pub(super) number: Option<Box<Range>>,
    pub(super) text: Option<Box<StringPart>>,
    /// The texts that are allowed; nothing else is.
    pub(super) one_of: Option<Box<[Box<str>]>>,
    pub(super) items: Option<Box<Items>>,
    pub(super) members: Option<Box<Members>>,
    /// Other nodes that the same value has to fit: all of these, and one of those.
    pub(super) all_of: Box<[NodeId]>,
    pub(super) any_of: Box<[NodeId]>,
}

/// What a number has to be.
#[derive(Clone, Debug)]
pub(super) struct Range {
    /// The smallest and the largest integer, where nothing else is asked of one.
    pub(super) integers: Option<(i64, i64)>,
    pub(super) part: NumberPart,
}

/// What the items of a list have to be.
#[derive(Clone, Debug)]
pub(super) struct Items {
    pub(super) node: NodeId,
    pub(super) min: usize,
    pub(super) max: usize,
}

/// What the members of an object have to be.
#[derive(Clone, Debug)]
pub(super) struct Members {
    pub(super) names: Names,
    /// Whether anything below is wanted.
    pub(super) is_wanted: bool,
    /// By the number of the name.
    pub(super) nodes: Box<[NodeId]>,
    /// The bits of the names that have to be there.
    pub(super) required: u64,
    /// What members of other names have to be; `None` if there are none.
    pub(super) others: Option<NodeId>,
    pub(super) min: usize,
    pub(super) max: usize,
}

/// Plans by the schema and the places that they were made for: tools that have
/// both in common share one.
#[derive(Debug, Default)]
pub(crate) struct Plans(BTreeMap<(*const Schema, Places), Arc<Plan>>);

impl Plans {
    pub(super) fn plan(&mut self, schema: Option<&Arc<Schema>>, wanted: Places) -> Arc<Plan> {
        let name = (schema.map_or(ptr::null(), Arc::as_ptr), wanted);
        if let Some(plan) = self.0.get(&name) {
            return Arc::clone(plan);
        }
        let plan = Arc::new(Plan::new(schema.map(Arc::as_ref), &name.1));
        self.0.insert(name, Arc::clone(&plan));
        plan
    }
}

impl Plan {
    /// Any value at all, nothing of which is wanted.
    pub(super) const ANYTHING: NodeId = 0;
    /// The node of the whole arguments.
    pub(super) const ROOT: NodeId = 1;

    fn new(schema: Option<&Schema>, wanted: &Places) -> Self {
        let nodes = vec![Node { takes_any_text: true, ..Node::default() }];
        let known = BTreeMap::new();
        let mut builder = Builder { schema, nodes, known, plain: BTreeMap::new() };
        builder.node(schema.map(Schema::root), wanted);
        Self { nodes: builder.nodes }
    }

    #[inline]
    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }
}

struct Builder<'s> {
    schema: Option<&'s Schema>,
    nodes: Vec<Node>,
    /// Nodes of the schema of which nothing is wanted, so that recursive schemas end.
    known: BTreeMap<usize, NodeId>,
    /// Nodes that ask for a type and nothing else.
    plain: BTreeMap<Types, NodeId>,
}

impl Builder<'_> {
    /// The node for a part of the schema; without one, anything fits.
    fn node(&mut self, part: Option<usize>, wanted: &Places) -> NodeId {
        let id = self.nodes.len();
        let shared = part.filter(|_| wanted.are_none());
        match (part, shared.and_then(|part| self.known.get(&part))) {
            (_, Some(known)) => return *known,
            (None, _) if wanted.are_none() && id != Plan::ROOT => return Plan::ANYTHING,
            _ => {}
        }
        let part = part.zip(self.schema).map(|(part, schema)| schema.node(part));
        let plain =
            part.filter(|_| shared.is_some() && id != Plan::ROOT).and_then(Part::only_types);
        if let Some(known) = plain.and_then(|types| self.plain.get(&types)) {
            return *known;
        }
        self.plain.extend(plain.map(|types| (types, id)));
        self.nodes.push(Node::default());
        self.known.extend(shared.map(|part| (part, id)));
        let node = match part {
            Some(part) => self.compiled(part, wanted),
            None => self.compiled(&Part::default(), wanted),
        };
        let node = node.unwrap_or(Node { is_unclear: true, ..Node::default() });
        if let Some(place) = self.nodes.get_mut(id) {
            *place = node;
        }
        id
    }

    /// `None` where what the schema asks cannot be checked in passing.
    fn compiled(&mut self, part: &Part, wanted: &Places) -> Option<Node> {
        if part.never {
            return None;
        }
        let texts = part.allowed.as_ref().map(|allowed| {
            allowed.iter().map(|json| json.as_str().map(Box::from)).collect::<Option<Box<[_]>>>()
        });
        let one_of = match texts {
            Some(texts) => Some(texts?),
            None => None,
        };
        let combined = part.combined.as_deref();
        if combined.is_some_and(|part| part.not.is_some() || !part.one_of.is_empty()) {
            return None;
        }
        let nothing = Places::default();
        let all_of = combined.map(|part| part.all_of.iter().chain(&part.reference).copied());
        let all_of: Box<[_]> =
            all_of.into_iter().flatten().map(|part| self.node(Some(part), &nothing)).collect();
        let any_of = combined.map(|part| part.any_of.iter().copied());
        let any_of: Box<[_]> =
            any_of.into_iter().flatten().map(|part| self.node(Some(part), &nothing)).collect();
        let more = More {
            number: part.number.as_deref().map(|part| Box::new(Range::new(part))),
            text: part.string.clone(),
            one_of,
            items: self.items(part.array.as_deref())?,
            members: self.members(part.object.as_deref(), wanted)?,
            all_of,
            any_of,
        };
        let is_combined = !(more.all_of.is_empty() && more.any_of.is_empty());
        let more = (!more.is_empty()).then(|| Box::new(more));
        let (slot, types) = (wanted.slot, part.types);
        let admits_text = types.is_none_or(|types| types.contains(Type::String));
        let takes_any_text = admits_text && slot.is_none() && more.is_none();
        Some(Node { slot, types, is_unclear: false, is_combined, takes_any_text, more })
    }

    /// `None` where lists cannot be checked in passing.
    fn items(&mut self, part: Option<&ArrayPart>) -> Option<Option<Box<Items>>> {
        let Some(part) = part else { return Some(None) };
        if part.unique_items || !part.prefix_items.is_empty() {
            return None;
        }
        let node = self.node(part.items, &Places::default());
        let (min, max) = (part.min_items.unwrap_or(0), part.max_items.unwrap_or(usize::MAX));
        Some(Some(Box::new(Items { node, min, max })))
    }

    /// `None` where objects cannot be checked in passing.
    fn members(
        &mut self,
        part: Option<&ObjectPart>,
        wanted: &Places,
    ) -> Option<Option<Box<Members>>> {
        if part.is_none() && wanted.members.is_empty() {
            return Some(None);
        }
        let default = ObjectPart::default();
        let part = part.unwrap_or(&default);
        if !part.pattern_properties.is_empty() || part.property_names.is_some() {
            return None;
        }
        let nothing = Places::default();
        let required = part.required.iter().map(|name| &**name);
        let others = required.chain(wanted.members.keys().map(String::as_str));
        let others = others.filter(|name| !part.properties.contains(name)).map(Arc::from);
        let mut all: Vec<Arc<str>> = part.properties.names().cloned().chain(others).collect();
        all.sort_unstable();
        all.dedup();
        let names = Names::new(all.iter().cloned())?;
        let mut required = 0;
        let mut nodes = Vec::with_capacity(all.len());
        for (number, name) in all.into_iter().enumerate() {
            let own = part.properties.get(&name).copied().or(part.additional);
            nodes.push(self.node(own, wanted.members.get(&*name).unwrap_or(&nothing)));
            required |= u64::from(part.required.contains(&name)) << number;
        }
        let others = self.node(part.additional, &nothing);
        let others = self.nodes.get(others).is_some_and(|node| !node.is_unclear).then_some(others);
        Some(Some(Box::new(Members {
            names,
            is_wanted: !wanted.members.is_empty(),
            nodes: nodes.into(),
            required,
            others,
            min: part.min_properties.unwrap_or(0),
            max: part.max_properties.unwrap_or(usize::MAX),
        })))
    }
}

impl More {
    fn is_empty(&self) -> bool {
        let Self { number, text, one_of, items, members, all_of, any_of } = self;
        number.is_none()
            && text.is_none()
            && one_of.is_none()
            && items.is_none()
            && members.is_none()
            && all_of.is_empty()
            && any_of.is_empty()
    }
}

impl Range {
    fn new(part: &NumberPart) -> Self {
        let bound = |bound: Option<Decimal>, none: i64| bound.map_or(Some(none), Decimal::to_i64);
        let is_simple = part.multiple_of.is_none()
            && part.exclusive_minimum.is_none()
            && part.exclusive_maximum.is_none();
        let integers = bound(part.minimum, i64::MIN).zip(bound(part.maximum, i64::MAX));
        Self { integers: integers.filter(|_| is_simple), part: part.clone() }
    }
}
