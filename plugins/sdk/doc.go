// Package sdk is what the author of a department's plugin writes with.
//
// A plugin is a [Department]: its checklists, written with [Define], [Section]
// and [Item], and the rules across items that only the department knows.
// [Validate] finds an author's mistakes, [Judge] is the standard judgement, and
// Serve runs the plugin as a process.
//
// The contract itself is plugins/checklist, its wire form plugins/checklistpb.
// Nothing here starts processes: that is plugins/host.
package sdk
