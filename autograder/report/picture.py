def pictures(verdict):
    return {}
