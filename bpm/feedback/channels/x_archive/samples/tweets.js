window.YTD.tweets.part0 = [
 {"tweet": {"id_str": "77", "full_text": "The map is wrong &amp; the stop moved", "created_at": "Mon Mar 02 09:00:00 +0000 2026", "favorite_count": "2"}},
 {"tweet": {"id_str": "78", "full_text": "RT @bus: new stops", "created_at": "Mon Mar 02 09:05:00 +0000 2026"}},
 {"tweet": {"id_str": "79", "full_text": "and nobody answers", "created_at": "Mon Mar 02 09:06:00 +0000 2026", "in_reply_to_status_id_str": "77"}}
];
