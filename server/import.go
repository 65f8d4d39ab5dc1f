package main

type importCommand struct{}
type demoCommand struct{}

func (importCommand) Run(s *session) error { return nil }
func (demoCommand) Run(s *session) error   { return nil }
