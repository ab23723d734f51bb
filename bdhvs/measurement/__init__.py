"""Numbers from responses: numpy only, no files, no clock. A formula names its source."""
