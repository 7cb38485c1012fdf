// Placeholder so that the package builds while its parts are written.
