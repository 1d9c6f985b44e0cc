"""`scan-brief doctor`: looks at everything between a push and its brief, changes nothing, and says
what to do.
"""
