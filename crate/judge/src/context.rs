//! What one artifact cannot know about itself.

use crate::HostList;

/// What the caller knows beyond the artifact's bytes.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Hosts that count as pools beside those of the rule set.
    pub block_hosts: HostList,
    /// Hosts that do not count as pools, whatever any list says.
    pub allow_hosts: HostList,
}
