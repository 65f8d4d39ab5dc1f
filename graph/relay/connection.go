// Package relay pages through lists by cursor, as the GraphQL Cursor Connections
// Specification describes (https://relay.dev/graphql/connections.htm).
package relay

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/siblings"
)

// Connection is one page of a list of T.
type Connection[T any] struct {
	Edges    []*Edge[T]
	PageInfo PageInfo

	count func(context.Context) (int, error)
}

// Edge is a record and its place in the list.
type Edge[T any] struct {
	Node   *T
	Cursor string
}

// PageInfo tells where a page lies in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Nodes returns the records of the page.
func (c *Connection[T]) Nodes() []*T {
	nodes := make([]*T, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// TotalCount counts the records of all pages.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// Node is any record that has an id of its own in the API.
type Node interface {
	Siblings() *siblings.Set
}
