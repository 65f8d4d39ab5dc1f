package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/quality"
)

// pluginAdd registers a version of a plugin.
type pluginAdd struct {
	Program   string        `arg:"" type:"existingfile" help:"The plugin's program, one executable file."`
	Version   string        `required:"" help:"The version that the program has to tell of itself."`
	ID        string        `placeholder:"ID" help:"The id that it has to tell; the name of the file unless said."`
	NoTLS     bool          `name:"no-tls" help:"The plugin speaks plain gRPC."`
	ReadOnly  []string      `type:"path" placeholder:"PATH" help:"Files and folders that it may read besides its own, such as those of its interpreter; separated by commas."`
	Manifest  string        `type:"existingfile" placeholder:"FILE" help:"Manifest of the program: JSON with its id, version and sha256."`
	Signature string        `type:"existingfile" placeholder:"FILE" help:"Ed25519 signature of the manifest, 64 bytes or as many in hexadecimal."`
	Key       string        `placeholder:"HEX" help:"Public key of the signature, 32 bytes in hexadecimal."`
	Timeout   time.Duration `default:"10s" help:"How long the plugin may take from its start to its description."`
}

// manifest says of a program what it is.
type manifest struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // in hexadecimal
}

// Run starts the program as a server does, has it describe itself, and registers it.
func (p *pluginAdd) Run(s *session) error {
	program, err := os.ReadFile(p.Program)
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	sum := sha256.Sum256(program)
	is := manifest{ID: cmp.Or(p.ID, strings.TrimSuffix(filepath.Base(p.Program), filepath.Ext(p.Program))), Version: p.Version, SHA256: hex.EncodeToString(sum[:])}
	in := quality.RegisterPlugin{Program: program, NoTLS: p.NoTLS, ReadOnly: p.ReadOnly}
	if err := p.verify(is, &in); err != nil {
		return err
	}
	described, err := p.describe(s.ctx, is)
	if err != nil {
		return err
	}
	in.Description = described.Description
	return s.withCore(func(c *core) error {
		added, err := c.quality.RegisterPlugin(s.ctx, in)
		switch {
		case errors.Is(err, quality.ErrKnownVersion):
			return fmt.Errorf("version %s of %s is registered with another program: raise the version", is.Version, is.ID)
		case err != nil:
			return err
		case !added:
			fmt.Fprintf(s.stdout, "%s %s is registered already.\n", is.ID, is.Version)
		default:
			fmt.Fprintf(s.stdout, "%s %s is registered, sha256 %s.\nNew inspections use it once it is pinned: mutation pluginPin, or server plugin pin %s %s.\n",
				is.ID, is.Version, is.SHA256, is.ID, is.Version)
		}
		return nil
	})
}

// verify holds the program against its manifest, and the manifest against its
// signature, where they are given.
func (p *pluginAdd) verify(is manifest, in *quality.RegisterPlugin) error {
	if p.Manifest == "" {
		if p.Signature != "" {
			return errors.New("a signature is one of a manifest: name the manifest with --manifest FILE")
		}
		return nil
	}
	body, err := os.ReadFile(p.Manifest)
	if err != nil {
		return fmt.Errorf("reading the manifest: %w", err)
	}
	var told manifest
	if err := json.Unmarshal(body, &told); err != nil {
		return fmt.Errorf("reading the manifest: %w", err)
	}
	told.SHA256 = strings.ToLower(told.SHA256)
	if told != is {
		return fmt.Errorf("the manifest is of %s %s with sha256 %s, the program is %s %s with sha256 %s", told.ID, told.Version, told.SHA256, is.ID, is.Version, is.SHA256)
	}
	if p.Signature == "" {
		return nil
	}
	signature, err := os.ReadFile(p.Signature)
	if err != nil {
		return fmt.Errorf("reading the signature: %w", err)
	}
	if decoded, err := hex.DecodeString(strings.TrimSpace(string(signature))); err == nil {
		signature = decoded
	}
	key, err := hex.DecodeString(p.Key)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("name the public key of the signature with --key, %d bytes in hexadecimal", ed25519.PublicKeySize)
	}
	if len(signature) != ed25519.SignatureSize || !ed25519.Verify(key, body, signature) {
		return errors.New("the signature is not that of the manifest by this key")
	}
	by := strings.ToLower(p.Key)
	in.Signature, in.SignedBy = signature, &by
	return nil
}

// describe runs the program as a server does until it has described itself.
func (p *pluginAdd) describe(ctx context.Context, is manifest) (host.Described, error) {
	path, err := filepath.Abs(p.Program)
	if err != nil {
		return host.Described{}, err
	}
	described := make(chan host.Described, 1)
	h, err := host.New(host.Config{
		Plugins:      []host.Plugin{{ID: is.ID, Version: is.Version, Path: path, SHA256: is.SHA256, NoTLS: p.NoTLS, ReadOnly: p.ReadOnly}},
		StartTimeout: p.Timeout,
		Accept: func(_ context.Context, d host.Described) error {
			select {
			case described <- d:
			default: // it was started again
			}
			return nil
		},
	})
	if err != nil {
		return host.Described{}, err
	}
	watching, stop := context.WithTimeout(ctx, 2*p.Timeout)
	defer stop()
	failed := make(chan string, 1)
	go func() { failed <- firstFailure(watching, h) }()
	select {
	case d := <-described:
		stop()
		<-failed
		return d, nil
	case reason := <-failed:
		return host.Described{}, fmt.Errorf("the plugin %s; server plugin check %s tells more", cmp.Or(reason, "did not become ready"), p.Program)
	}
}
