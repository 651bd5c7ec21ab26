"""What a browser calls itself, in words that its person knows it by: "Firefox on Windows"."""

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
    ("python-requests", "a Python program"),
)  # fmt: skip
"""(word in the header User-Agent, name), the most particular first: most of them name others, too."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(user_agent: str) -> str:
    """The browser and its system; "another browser" for one that says nothing known."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    if not browser:
        return f"a browser on {system}" if system else "another browser"
    return f"{browser} on {system}" if system else browser
