"""What a learner did: the recorder of test runs, snapshots of the tree, the timeline of both."""
