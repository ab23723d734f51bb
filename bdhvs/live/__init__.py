"""Live notebooks: pages behind which a Python process of its own runs, shown by Voilà behind the class's address.

Two sides. In the class server: `notebooks` (which there are), `voila_child` (the Voilà process), `hall` (who sits at which
kernel), `message_filter` (what a browser may say to a kernel). In the Voilà process: `voila_app`, `provisioner`, `warm`.
"""
