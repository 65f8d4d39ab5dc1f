package graph

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

type caseFiguresResolver struct{ *Resolver }

// CaseFigures resolves the fields of CaseFigures.
func (r *Resolver) CaseFigures() generated.CaseFiguresResolver { return &caseFiguresResolver{r} }

// Bounds of the figures of one field.
const (
	maxStatisticsDays = 3660
	maxDimensions     = 2
)

func (r *queryResolver) CaseStatistics(ctx context.Context, filter *model.CaseFilter, from string, to string, groupBy []quality.CaseDimension, interval *rules.Interval, timeZone *string) ([]*model.CaseFigures, error) {
	if err := mayRead(ctx, ent.Cases); err != nil {
		return nil, err
	}
	where := r.caseFilter(ctx, filter)
	if where.err != nil {
		return nil, where.err
	}
	first, last, err := days(from, to, maxStatisticsDays)
	if err != nil {
		return nil, err
	}
	in := quality.CaseStatistics{Where: where.all, First: first, Last: last, GroupBy: slices.Compact(slices.Sorted(slices.Values(groupBy)))}
	if len(in.GroupBy) > maxDimensions {
		return nil, &relay.ArgumentError{Argument: "groupBy", Reason: fmt.Sprintf("names more than %d dimensions", maxDimensions)}
	}
	if interval != nil {
		in.Interval = *interval
	}
	if in.Zone, err = r.statisticsZone(ctx, filter, timeZone); err != nil {
		return nil, err
	}
	fields := graphql.CollectAllFields(ctx)
	for _, one := range quality.CaseTimes {
		if slices.Contains(fields, string(one)) {
			in.Times = append(in.Times, one)
		}
	}
	if slices.Contains(fields, "contacts") || slices.Contains(fields, "complaintsPerThousand") {
		in.Contacts = contactsFor(ctx, filter, in.GroupBy)
	}
	figures, err := r.Quality.CaseStatistics(ctx, in)
	if errors.Is(err, quality.ErrTooManyFigures) {
		return nil, &relay.ArgumentError{Argument: "groupBy", Reason: fmt.Sprintf("makes more than %d figures: ask for fewer or longer periods, or group by less", quality.MaxFigures)}
	}
	if err != nil {
		return nil, err
	}
	out := make([]*model.CaseFigures, len(figures))
	page := siblings.New(out)
	for n, f := range figures {
		out[n] = &model.CaseFigures{CaseFigures: f, Page: page}
	}
	return out, nil
}

// contactsFor is with which contacts the complaints among some cases are compared, nil
// where that says nothing.
func contactsFor(ctx context.Context, filter *model.CaseFilter, by []quality.CaseDimension) []predicate.Visit {
	for _, d := range by {
		if !slices.Contains([]quality.CaseDimension{quality.BySite, quality.ByDepartment, quality.ByChannel}, d) {
			return nil
		}
	}
	if !ent.ViewerFrom(ctx).SeesAsFar(ent.Customers, ent.Cases) {
		return nil
	}
	with := conditions[predicate.Visit]{all: []predicate.Visit{}}
	if filter != nil {
		rest := *filter
		rest.SiteID, rest.DepartmentID, rest.Kind = nil, nil, nil
		if !reflect.ValueOf(rest).IsZero() {
			return nil
		}
		whereRefers(ctx, &with, filter.SiteID, visit.SiteID, toSite)
		whereRefers(ctx, &with, filter.DepartmentID, visit.DepartmentID, toDepartment)
	}
	return with.all
}

// statisticsZone is the time zone that was named, or that of the site that figures are
// asked of, or of the viewer's own.
func (r *queryResolver) statisticsZone(ctx context.Context, filter *model.CaseFilter, named *string) (*time.Location, error) {
	if named != nil {
		zone, err := time.LoadLocation(*named)
		if err != nil || *named == "" || *named == "Local" {
			return nil, &relay.ArgumentError{Argument: "timeZone", Reason: "must be one of the IANA database, such as Asia/Shanghai"}
		}
		return zone, nil
	}
	id := ent.ViewerFrom(ctx).Site
	reading := ent.AsSystem(ctx) // one's own site needs no scope
	if filter != nil && filter.SiteID != nil {
		id, reading = *filter.SiteID, ctx
	}
	site, err := r.Database.Site.Get(reading, id)
	if db.IsNotFound(err) { // or not the viewer's to see: then there is nothing to count
		return time.UTC, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the time zone of a site: %w", err)
	}
	return time.LoadLocation(site.TimeZone)
}

func (r *caseFiguresResolver) Site(ctx context.Context, obj *model.CaseFigures) (*db.Site, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.SiteID { return f.SiteID }, r.sites())
}

func (r *caseFiguresResolver) Department(ctx context.Context, obj *model.CaseFigures) (*db.Department, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.DepartmentID { return f.DepartmentID }, r.departments())
}

func (r *caseFiguresResolver) Assignee(ctx context.Context, obj *model.CaseFigures) (*db.Staff, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.StaffID { return f.AssigneeID }, r.staff())
}

func (r *caseFiguresResolver) ReceivedBy(ctx context.Context, obj *model.CaseFigures) (*db.Staff, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.StaffID { return f.ReceivedByID }, r.staff())
}

func (r *caseFiguresResolver) Topic(ctx context.Context, obj *model.CaseFigures) (*db.Topic, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.TopicID { return f.TopicID }, r.topics())
}

func (r *caseFiguresResolver) Cause(ctx context.Context, obj *model.CaseFigures) (*db.Cause, error) {
	return one(ctx, obj, func(f *model.CaseFigures) typeid.CauseID { return f.CauseID }, r.causes())
}
