// Package wiretest is a small schema for the tests of package wire: lists to be
// counted, and resolvers that fail, panic, wait and stream.
package wiretest

//go:generate go tool gqlgen generate
