// Package checklistpb is the wire form of the contract between Rounds and a
// department's plugin: rounds/checklist/v1/checklist.proto and the code
// generated from it. Nothing but this comment is written by hand.
package checklistpb

//go:generate go tool -modfile=../../tools/go.mod buf lint
//go:generate go tool -modfile=../../tools/go.mod buf generate
