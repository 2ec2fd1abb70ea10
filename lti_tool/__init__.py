"""Floor 2: the platform's side of the street. LTI 1.3 core, deep linking, AGS, NRPS, notices and dynamic registration;
the only package that speaks LTI. Where to look:

a launch        views -> login, launch_state -> id_tokens, claims -> launches -> seen, links, targets; frames whose
                browser keeps our cookie out: ladder; who may frame us: frame_origins; whom we know: registrations
choosing        deep_linking_settings, deep_linking, content_items
the gradebook   scores (wanted) -> claimed_scores, delivery (sent) -> score_posts, outcomes;
                line_items, columns, results
the roster      memberships -> roster_reading -> seats
every call      service_calls, access_tokens, link_header, service_refusals, service_problems, quirks (by kind of LMS)
keys            ours: keys, key_rotation; theirs: platform_keys
notices         notice_handlers (asked for), notices (received), origins (which course was copied from which)
set-up          by invitation: invites, registration_views, openid_configuration, dynamic_registration;
                by hand: presets, sheets, registering, platform_commands; Canvas' JSON: canvas_config
is it connected connection, connection_calls, trial_score; refusals kept under their reference: refused
"""
