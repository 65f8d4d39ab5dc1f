package ent

import (
	"context"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Viewer is who asks: a staff member, an integrator's token, or the server
// itself. The zero Viewer sees nothing and may do nothing.
type Viewer struct {
	Role        staff.Role            // a staff member's, or Integrator
	Token       typeid.TokenID        // by which the viewer came in
	Staff       typeid.StaffID        // zero for an integrator
	Site        typeid.SiteID         // zero for an integrator that is not bound to one
	Departments []typeid.DepartmentID // that a lead or manager answers for, with all below them
	Scopes      []string              // what the token is limited to, such as "cases:read"; nil for all that the role allows

	system bool
}

// Integrator is the role of a token that belongs to no staff member.
const Integrator staff.Role = "INTEGRATOR"

// System is the server itself: it reads and writes everything. It is for work
// that no person asked for, and for looking up what a rule needs.
var System = Viewer{system: true}

type viewerKey struct{}

// WithViewer returns a context in which v asks.
func WithViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// AsSystem returns a context in which the server itself asks.
func AsSystem(ctx context.Context) context.Context { return WithViewer(ctx, System) }

// ViewerFrom returns who asks, the zero Viewer if nobody was named.
func ViewerFrom(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// IsZero reports whether nobody asks.
func (v Viewer) IsZero() bool { return !v.system && v.Role == "" }

// Actor returns the id under which the viewer's deeds are recorded.
func (v Viewer) Actor() string {
	switch {
	case v.system:
		return "system"
	case !v.Staff.IsZero():
		return v.Staff.String()
	default:
		return v.Token.String()
	}
}

// Area is a part of the data that access is granted to as a whole.
type Area string

// The areas.
const (
	Organisation Area = "organisation" // sites, departments, staff, calendars
	Customers    Area = "customers"
	Cases        Area = "cases" // with their entries
	Inspections  Area = "inspections"
	Checklists   Area = "checklists"
	Appraisals   Area = "appraisals" // with schemes and indicators
	Operations   Area = "operations" // plugins and access tokens
)

// Areas lists all areas.
var Areas = []Area{Organisation, Customers, Cases, Inspections, Checklists, Appraisals, Operations}

// Scopes lists the scopes that a token can be limited to: "<area>:read" and
// "<area>:write", the second of which includes the first.
func Scopes() []string {
	var scopes []string
	for _, a := range Areas {
		scopes = append(scopes, string(a)+":read", string(a)+":write")
	}
	return scopes
}

// MayWrite reports whether the viewer's token is good for changes in the area.
// Whether the role allows a certain change is the use case's to decide.
func (v Viewer) MayWrite(a Area) bool {
	return v.system || !v.IsZero() && (v.Scopes == nil || slices.Contains(v.Scopes, string(a)+":write"))
}

// MayRead reports whether there is anything in the area that the viewer may read.
// Which rows that are is for [Viewer.Rows] to say.
func (v Viewer) MayRead(a Area) bool { return v.reach(a) != nothing }

// SeesAsFar reports whether the viewer sees as much of an area as of another one: of
// its own work, of its departments, of its site or everywhere.
func (v Viewer) SeesAsFar(a, as Area) bool { return v.reach(a) >= v.reach(as) }

// granted reports whether the viewer's token is good for reading in the area.
func (v Viewer) granted(a Area) bool {
	return v.Scopes == nil || slices.Contains(v.Scopes, string(a)+":read") || slices.Contains(v.Scopes, string(a)+":write")
}

// reach is how far a viewer sees within an area.
type reach int

const (
	nothing     reach = iota
	own               // what is one's own or assigned to one
	departments       // and what is of the departments one answers for
	ofSite            // and what is of the site
	everything
)

// reaches is who sees how far: the whole policy of reading.
var reaches = map[staff.Role]map[Area]reach{
	staff.RoleSTAFF:              {Organisation: ofSite, Customers: own, Cases: own, Inspections: own, Checklists: everything, Appraisals: own},
	staff.RoleTEAM_LEAD:          {Organisation: ofSite, Customers: departments, Cases: departments, Inspections: departments, Checklists: everything, Appraisals: departments},
	staff.RoleDEPARTMENT_MANAGER: {Organisation: ofSite, Customers: departments, Cases: departments, Inspections: departments, Checklists: everything, Appraisals: departments},
	staff.RoleSITE_MANAGER:       {Organisation: ofSite, Customers: ofSite, Cases: ofSite, Inspections: ofSite, Checklists: everything, Appraisals: ofSite},
	staff.RoleQUALITY_OFFICER:    {Organisation: everything, Customers: own, Cases: everything, Inspections: everything, Checklists: everything, Appraisals: own},
	staff.RoleHUMAN_RESOURCES:    {Organisation: everything, Customers: own, Cases: own, Inspections: own, Checklists: everything, Appraisals: everything},
	staff.RoleEXECUTIVE:          {Organisation: everything, Customers: everything, Cases: everything, Inspections: everything, Checklists: everything, Appraisals: everything},
	staff.RoleADMINISTRATOR:      {Organisation: everything, Customers: everything, Cases: everything, Inspections: everything, Checklists: everything, Appraisals: everything, Operations: everything},
	Integrator:                   {Organisation: everything, Customers: everything, Cases: everything, Inspections: everything, Checklists: everything, Appraisals: everything},
}

// reach returns how far v sees within the area.
func (v Viewer) reach(a Area) reach {
	if v.system {
		return everything
	}
	if !v.granted(a) {
		return nothing
	}
	r := reaches[v.Role][a]
	if v.Role == Integrator && !v.Site.IsZero() && r == everything && a != Checklists {
		return ofSite
	}
	return r
}
