package graph

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casearchive"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseArchiveResolver struct{ *Resolver }

// CaseArchive resolves the fields of archives.
func (r *Resolver) CaseArchive() generated.CaseArchiveResolver { return &caseArchiveResolver{r} }

func (r *Resolver) archives() table[db.CaseArchive, typeid.CaseArchiveID] {
	return table[db.CaseArchive, typeid.CaseArchiveID]{
		func(ctx context.Context, ids []typeid.CaseArchiveID) ([]*db.CaseArchive, error) {
			return r.archiveRows().Where(casearchive.IDIn(ids...)).All(ctx)
		}, archiveID}
}

func archiveID(a *db.CaseArchive) typeid.CaseArchiveID { return a.ID }

// Archive finds the archive of a case by the case's id.
func (r *caseResolver) Archive(ctx context.Context, obj *db.ServiceCase) (*db.CaseArchive, error) {
	return one(ctx, obj, caseID, table[db.CaseArchive, typeid.CaseID]{
		func(ctx context.Context, ids []typeid.CaseID) ([]*db.CaseArchive, error) {
			return r.archiveRows().Where(casearchive.CaseIDIn(ids...)).All(ctx)
		}, func(a *db.CaseArchive) typeid.CaseID { return a.CaseID }})
}

func (r *caseArchiveResolver) Case(ctx context.Context, obj *db.CaseArchive) (*db.ServiceCase, error) {
	return one(ctx, obj, func(a *db.CaseArchive) typeid.CaseID { return a.CaseID }, r.cases())
}

func (r *caseArchiveResolver) ArchivedBy(ctx context.Context, obj *db.CaseArchive) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.CaseArchive) typeid.StaffID { return a.ArchivedByID }, r.staff())
}

func (r *caseArchiveResolver) Digest(_ context.Context, obj *db.CaseArchive) (string, error) {
	return hex.EncodeToString(obj.Digest), nil
}

// Document shows of what the document names only as much as the viewer may see
// elsewhere.
func (r *caseArchiveResolver) Document(ctx context.Context, obj *db.CaseArchive) (*string, error) {
	row, err := column(ctx, casearchive.FieldDocument, obj, table[db.CaseArchive, typeid.CaseArchiveID]{
		func(ctx context.Context, ids []typeid.CaseArchiveID) ([]*db.CaseArchive, error) {
			return r.Database.CaseArchive.Query().Where(casearchive.IDIn(ids...)).Select(casearchive.FieldID, casearchive.FieldDocument).All(ctx)
		}, archiveID})
	if err != nil {
		return nil, err
	}
	shown, err := quality.ShownArchive(row.Document, func(ids []string) (map[string]bool, error) {
		visible := map[string]bool{}
		found, err := r.nodes(ctx, ids)
		for id := range found {
			visible[id] = true
		}
		return visible, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", row.ID, err)
	}
	return &shown, nil
}

func (r *mutationResolver) CaseArchive(ctx context.Context, input quality.ArchiveCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ArchiveCase, input)
}
