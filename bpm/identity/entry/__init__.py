"""How people come in and stay in: sessions, passwords that are chosen by link, second factors, providers."""
