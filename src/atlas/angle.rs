//! Sines and angles, to a millimetre on the globe: those of the standard library weigh five kilobytes in the background,
//! most of them for numbers that are no degrees of ours.

use std::f64::consts::{FRAC_PI_2, PI};

/// Sine and cosine of an angle in degrees, from -360 to 360.
pub(super) fn sine_and_cosine(degrees: f64) -> (f64, f64) {
    (sine(degrees.to_radians()), sine(degrees.to_radians() + FRAC_PI_2))
}

/// The sine by its series, of an angle brought between a quarter turn to either side.
fn sine(angle: f64) -> f64 {
    let mut x = angle - 2.0 * PI * (angle / (2.0 * PI)).round();
    if x > FRAC_PI_2 {
        x = PI - x;
    } else if x < -FRAC_PI_2 {
        x = -PI - x;
    }
    let (mut term, mut sum) = (x, x);
    for step in 1..11 {
        let step = f64::from(step) * 2.0;
        term *= -x * x / (step * (step + 1.0));
        sum += term;
    }
    sum
}

/// The angle of a point at so far up and so far to the right, in radians from -π to π.
pub(super) fn of(up: f64, right: f64) -> f64 {
    let length = (up * up + right * right).sqrt();
    if length == 0.0 {
        return 0.0;
    }
    // The tangent of half the angle, then of an eighth: small enough for the series.
    let mut x = if right > 0.0 { up / (length + right) } else { (length - right) / up };
    if !x.is_finite() {
        return PI;
    }
    for _ in 0..2 {
        x /= 1.0 + (1.0 + x * x).sqrt();
    }
    let (mut power, mut sum) = (x, x);
    for step in 1..20 {
        power *= -x * x;
        sum += power / f64::from(2 * step + 1);
    }
    8.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_the_standard_library() {
        for degrees in (-3600..=3600).map(|tenth| f64::from(tenth) / 10.0) {
            let (sine, cosine) = sine_and_cosine(degrees);
            let (right, up) = (degrees.to_radians().cos(), degrees.to_radians().sin());
            assert!((sine - up).abs() < 1e-9 && (cosine - right).abs() < 1e-9, "{degrees}");
            let error = of(up, right) - up.atan2(right);
            assert!(error.abs() < 1e-9 || (error.abs() - 2.0 * PI).abs() < 1e-9, "{degrees}: {error}");
        }
        assert_eq!(of(0.0, 0.0), 0.0);
    }
}
