package quality

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/ent/db/pluginversion"
	"github.com/seed-34fcb60d/rounds/ent/db/programpart"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// programPart is how much of a program one row holds, in bytes.
const programPart = 1 << 20

// ErrKnownVersion is a version that was registered with another program.
var ErrKnownVersion = errors.New("this version is registered with another program")

// RegisterPlugin is a version of a plugin to take into the catalogue. Its program was
// started, and has described itself.
type RegisterPlugin struct {
	Description checklist.Description
	Program     []byte
	NoTLS       bool
	ReadOnly    []string
	Signature   []byte // of the manifest; nil: none
	SignedBy    *string
}

// RegisterPlugin keeps a version of a plugin with its program, from which every server
// runs it. It is used once it is pinned. The same again changes nothing and is false.
func (s *Service) RegisterPlugin(ctx context.Context, in RegisterPlugin) (added bool, err error) {
	ctx = ent.AsSystem(ctx)
	sum := sha256.Sum256(in.Program)
	checksum := hex.EncodeToString(sum[:])
	d := in.Description
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		known, err := tx.PluginVersion.Query().Where(pluginversion.Version(d.Version), pluginversion.HasPluginWith(plugin.Code(d.Plugin))).Only(ctx)
		switch {
		case err == nil && known.Checksum != checksum:
			return ErrKnownVersion
		case err == nil:
			return nil
		case !db.IsNotFound(err):
			return fmt.Errorf("looking up a version of a plugin: %w", err)
		}
		added = true
		return s.register(ctx, tx, in, checksum)
	})
	return added, err
}

func (s *Service) register(ctx context.Context, tx *db.Tx, in RegisterPlugin, checksum string) error {
	now := s.now()
	d := in.Description
	p, err := tx.Plugin.Query().Where(plugin.Code(d.Plugin)).Only(ctx)
	if db.IsNotFound(err) { // nothing of it is used before it is pinned
		p, err = tx.Plugin.Create().SetCode(d.Plugin).SetNameEn(d.Name.EN).SetNameZh(d.Name.ZH).SetVersion(d.Version).
			SetChecksum(checksum).SetPinned("").SetUpdatedAt(now).Save(ctx)
	}
	if err != nil {
		return fmt.Errorf("storing the plugin %s: %w", d.Plugin, err)
	}
	v, err := tx.PluginVersion.Create().SetPluginID(p.ID).SetVersion(d.Version).SetChecksum(checksum).SetSize(len(in.Program)).
		SetNoTLS(in.NoTLS).SetReadOnly(in.ReadOnly).SetSignature(in.Signature).SetNillableSignedBy(in.SignedBy).SetAddedAt(now).Save(ctx)
	if err != nil {
		return fmt.Errorf("storing version %s of %s: %w", d.Version, d.Plugin, err)
	}
	for n := 0; n*programPart < len(in.Program); n++ {
		part := in.Program[n*programPart : min((n+1)*programPart, len(in.Program))]
		if err := tx.ProgramPart.Create().SetPluginVersionID(v.ID).SetNumber(n).SetContent(part).Exec(ctx); err != nil {
			return fmt.Errorf("storing a program: %w", err)
		}
	}
	for _, definition := range d.Checklists {
		if _, err := s.storeChecklist(ctx, tx, p.ID, d, checksum, definition); err != nil {
			return fmt.Errorf("storing the checklist %s: %w", definition.ID, err)
		}
	}
	_, err = s.events.Append(ctx, tx, events.Event{Kind: EventPluginRegistered, Subject: p.ID.String(), Changed: []string{"versions"}, At: now})
	return err
}

// Catalogued is a version of the catalogue, as a server needs it to run it.
type Catalogued struct {
	ID       typeid.PluginVersionID
	Plugin   string // its id
	Version  string
	Checksum string // SHA-256 of the program, in hexadecimal
	NoTLS    bool
	ReadOnly []string
}

// PluginState is which version of a plugin is to be used.
type PluginState struct {
	Code     string
	Pinned   string // empty: whichever introduces itself, or for one of the catalogue none yet
	Disabled bool
}

// Catalogue lists the versions that were registered, and what is to be run of them.
func (s *Service) Catalogue(ctx context.Context) ([]Catalogued, []PluginState, error) {
	ctx = ent.AsSystem(ctx)
	rows, err := s.db.PluginVersion.Query().WithPlugin().Order(db.Asc(pluginversion.FieldID)).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the catalogue of plugins: %w", err)
	}
	versions := make([]Catalogued, len(rows))
	for i, v := range rows {
		versions[i] = Catalogued{ID: v.ID, Plugin: v.Edges.Plugin.Code, Version: v.Version, Checksum: v.Checksum, NoTLS: v.NoTLS, ReadOnly: v.ReadOnly}
	}
	plugins, err := s.db.Plugin.Query().Order(db.Asc(plugin.FieldCode)).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the catalogue of plugins: %w", err)
	}
	states := make([]PluginState, len(plugins))
	for i, p := range plugins {
		states[i] = PluginState{Code: p.Code, Disabled: p.Disabled}
		if p.Pinned != nil {
			states[i].Pinned = *p.Pinned
		}
	}
	return versions, states, nil
}

// PluginCode gives the id that a plugin gives itself, by that of its record.
func (s *Service) PluginCode(ctx context.Context, id string) (string, error) {
	p, err := s.readPlugin(ent.AsSystem(ctx), []string{id})
	if err != nil {
		return "", fmt.Errorf("looking up a plugin: %w", err)
	}
	return p.Code, nil
}

// ProgramOf writes the program of a version.
func (s *Service) ProgramOf(ctx context.Context, id typeid.PluginVersionID, to io.Writer) error {
	ctx = ent.AsSystem(ctx)
	for n := 0; ; n++ {
		part, err := s.db.ProgramPart.Query().Where(programpart.PluginVersionID(id), programpart.Number(n)).Only(ctx)
		if db.IsNotFound(err) && n > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a program: %w", err)
		}
		if _, err := io.Copy(to, bytes.NewReader(part.Content)); err != nil {
			return err
		}
	}
}
