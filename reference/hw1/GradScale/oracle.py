"""GradScale by a hook on the way back."""


class GradScale:
    @staticmethod
    def apply(x, scale):
        y = x.view_as(x)
        if y.requires_grad:
            y.register_hook(lambda gradient: gradient * scale)
        return y
