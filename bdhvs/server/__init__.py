"""The class server: pages, the quiz API, light lessons. It knows HTTP; what is right or allowed it asks the service."""
