from .scenarios.page import comparison_page as comparison_page
from .year.activity import activity_table as activity_table
from .year.figures import by_source as by_source
from .year.figures import by_view as by_view
from .year.maps import port_map as port_map
from .year.page import page as page
from .year.summary import Summary as Summary
from .year.summary import summarize as summarize
