# scdoc begins and ends every block with .P, also where a heading or the end of an indentation makes
# it empty, which mandoc's lint reports. A .P stays only in front of text, not right after a heading
# and not before .RE but after it.
/^\.P$/ { held = 1; next }
/^\.RE$/ { print; next }
{
    if (held && !after_heading && $0 !~ /^\.S[HS]/) print ".P"
    held = 0
    after_heading = /^\.S[HS]/
    print
}
