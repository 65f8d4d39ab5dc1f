//go:build !linux

package badplugin

import "errors"

var errNotLinux = errors.New("the acts are Linux's")

// Try does one act.
func Try(string, string) error { return errNotLinux }

func tryAll(string) (string, error) { return "", errNotLinux }
