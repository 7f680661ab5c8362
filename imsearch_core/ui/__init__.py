"""Everything that imports streamlit and is shared by pages."""
