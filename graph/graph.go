// Package graph answers the GraphQL API: one file per concept, with the same stem
// as in schema/. A resolver unpacks, calls once and packs; what a change means is
// decided in package quality, who may see a row in package ent.
package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Config is what the API answers from. All of it is required.
type Config struct {
	Database  *ent.Database
	Quality   *quality.Service
	Events    *events.Log
	Processes Processes
}

// Processes tells how the plugins' processes on this server fare.
type Processes interface {
	// Versions returns the processes of a plugin's versions, none where it is not run.
	Versions(plugin string) []*model.PluginProcess
}

// Resolver resolves the fields of the schema.
type Resolver struct{ Config }

// NewSchema returns the API, executable.
func NewSchema(cfg Config) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{cfg}})
}

type (
	queryResolver        struct{ *Resolver }
	mutationResolver     struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)

// Query resolves the root fields of queries.
func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

// Mutation resolves the root fields of mutations.
func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

// Subscription resolves the root fields of subscriptions.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }
