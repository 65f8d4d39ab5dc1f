// Command entc generates ent/db from ent/schema. Run it by go generate ./ent.
package main

import (
	"log"

	"entgo.io/contrib/entgql"
	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	// Of entgql only the enumerations are wanted: the GraphQL schema is written by
	// hand, and lists and edges are read by package graph.
	gql, err := entgql.NewExtension(entgql.WithTemplates(entgql.EnumTemplate))
	if err != nil {
		log.Fatal(err)
	}
	err = entc.Generate("./schema", &gen.Config{
		Target:   "./db",
		Package:  "github.com/seed-34fcb60d/rounds/ent/db",
		Features: []gen.Feature{gen.FeatureIntercept, gen.FeatureLock, gen.FeatureModifier, gen.FeatureExecQuery, gen.FeatureVersionedMigration},
	}, entc.Extensions(gql), entc.TemplateDir("./template"))
	if err != nil {
		log.Fatal(err)
	}
}
