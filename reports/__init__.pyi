from .figures import by_source as by_source
from .figures import by_view as by_view
from .html import page as page
from .maps import port_map as port_map
from .tables import Summary as Summary
from .tables import activity_table as activity_table
from .tables import summarize as summarize
