"""``bdhvs schema``: the JSON Schema of item, form and blueprint files."""

from __future__ import annotations

import click

from bdhvs.bank.paths import find_content
from bdhvs.bank.schema import schemas, write_schemas


@click.command()
@click.argument("which", type=click.Choice(["item", "form", "blueprint"]), default="item")
@click.option("--write", is_flag=True, help="Write all into assessments/schema/ instead of showing one.")
def schema(which: str, write: bool) -> None:
    """JSON Schema of items, forms and blueprints, for editors."""
    if not write:
        click.echo(schemas()[f"{which}.schema.json"], nl=False)
        return
    written = write_schemas(find_content().assessments)
    click.echo("\n".join(f"{path}: written" for path in written) or "all schemas are up to date")
